using System;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>Posts batches of one device, signed with its key.</summary>
/// <param name="deviceId">Its id.</param>
/// <param name="key">Its key.</param>
internal sealed class SignedSender(string deviceId, byte[] key)
{
    public string DeviceId { get; } = deviceId;

    /// <summary>A client for many devices at once.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });

    /// <summary>Sends a batch once.</summary>
    /// <returns>Whether it was answered with 200.</returns>
    public async Task<bool> TrySendAsync(HttpClient client, Uri address, BatchHeader header, byte[] body)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, new Uri(address, header.Path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(BatchHeader.BootHeader, header.Boot.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(BatchHeader.SequenceHeader, header.Sequence.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(BatchHeader.TimeHeader, header.TimeMilliseconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(BatchHeader.SignatureHeader, BatchSignature.Create(key, header, body));
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
