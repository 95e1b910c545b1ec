using System;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>
/// <c>POST /api/devices/login</c>, Meadow.Cloud's login: whoever asks gets a token that only the board can open, with its private key.
/// </summary>
internal sealed partial class DeviceLogin(
    BoardKeys keys, BoardTokens tokens, DoorLimits limits, Refusals refusals, ILogger<DeviceLogin> logger)
{
    public const string Route = "/api/devices/login";

    // Names this door in the metrics.
    private const string Door = "login";

    private const int AesKeyBytes = 32;

    public async Task HandleAsync(HttpContext context)
    {
        IPAddress address = RequestSource.Plain(context.Connection.RemoteIpAddress);
        try
        {
            // Anybody may ask for any board's token; each takes a search and an encryption.
            limits.TakeBatch($"login {address}", "This address asks for too many tokens.");
            Answer answer = await LogInAsync(context.Request, context.RequestAborted);
            await TypedResults.Json(answer).ExecuteAsync(context);
        }
        catch (DoorRefusedException refused)
        {
            DoorRefusedException refusal = limits.Count(address, refused);
            if (refusals.Count(Door, refusal.Status, Refusals.SenderAt(address), refusal.Message) is string detail)
            {
                LogRefusal(address, refusal.Status, detail);
            }

            await refusal.AnswerAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The board has gone; it will come again.
        }
        catch (BadHttpRequestException e)
        {
            await new DoorRefusedException(e.StatusCode, "The body must come whole and in time; it did not.").AnswerAsync(context);
        }
    }

    private async Task<Answer> LogInAsync(HttpRequest request, CancellationToken cancellation)
    {
        string deviceId = ReadId(await RequestBody.ReadAsync(request, cancellation));
        PublicKeyRecord? key = await keys.FindAsync(deviceId, cancellation);
        return key is not null
            ? Seal(tokens.Create(key.DeviceId, key.Id), key)
            : throw new DoorRefusedException(
                StatusCodes.Status404NotFound,
                $"Board {deviceId} must be provisioned: it has no public key here. 'boards add' gives it one.")
            {
                IsFailedLogin = true,
            };
    }

    private static string ReadId(byte[] body)
    {
        try
        {
            var json = new JsonReader(body, tolerant: true);
            string id = "";
            json.BeginObject();
            while (json.NextMember(out string member))
            {
                if (member.Equals("id", StringComparison.OrdinalIgnoreCase))
                {
                    id = json.ReadString();
                }
                else
                {
                    json.Skip();
                }
            }

            json.End();
            return TelemetryNames.IsDeviceId(id) ? id : throw new TelemetryFormatException("id must be that of a board; it is not.");
        }
        catch (TelemetryFormatException e)
        {
            throw new DoorRefusedException(StatusCodes.Status400BadRequest, $"A login must be {{\"id\":…}}: {e.Message}");
        }
    }

    private static Answer Seal(string token, PublicKeyRecord key)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.Key.Span, out _);
        using var aes = Aes.Create();
        aes.Key = RandomNumberGenerator.GetBytes(AesKeyBytes);
        byte[] sealedToken = aes.EncryptCbc(Encoding.UTF8.GetBytes(token), aes.IV);
        return new Answer(rsa.Encrypt(aes.Key, RSAEncryptionPadding.Pkcs1), sealedToken, aes.IV);
    }

    [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "Login of a board from {Address} refused with {Status}: {Detail}")]
    private partial void LogRefusal(IPAddress address, int status, string detail);

    // Meadow reads these names; bytes are Base64.
    private sealed record Answer(byte[] EncryptedKey, byte[] EncryptedToken, byte[] Iv);
}
