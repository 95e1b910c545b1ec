using System;
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary><c>POST /api/telemetry/{deviceId}/batches</c>, the door for simulators and devices without Meadow.Cloud;
/// docs/telemetry-schema.md describes it.</summary>
internal sealed partial class BatchDoor(
    BatchIntake intake, BatchLogin login, DoorLimits limits, Refusals refusals, TimeProvider time, ILogger<BatchDoor> logger)
{
    public const string Route = "/api/telemetry/{deviceId}/batches";

    // Names this door in the metrics.
    private const string Door = "batches";

    private static readonly Func<ILogger, string, int?, int?, IDisposable?> BatchScope =
        LoggerMessage.DefineScope<string, int?, int?>("Batch {DeviceId} {Boot} {Sequence}");

    public async Task HandleAsync(HttpContext context, string deviceId)
    {
        IPAddress address = RequestSource.Plain(context.Connection.RemoteIpAddress);
        string? loggedIn = null;
        try
        {
            BatchHeader header = ReadHeader(context.Request, deviceId);
            byte[] sent = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
            await login.RequireAsync(context.Request, header, sent, context.RequestAborted);
            loggedIn = deviceId;
            await AnswerAsync(context, await TakeAsync(context.Request, header, sent, context.RequestAborted));
        }
        catch (DoorRefusedException refused)
        {
            DoorRefusedException refusal = limits.Count(address, refused);
            CountRefusal(context.Request, loggedIn, deviceId, address, refusal);
            await refusal.AnswerAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender has gone; it will come again with the same number.
        }
        catch (BadHttpRequestException e)
        {
            // The body ended early or came too slowly.
            await new DoorRefusedException(e.StatusCode, "The body must come whole and in time; it did not.").AnswerAsync(context);
        }
    }

    private async Task<BatchAnswer> TakeAsync(HttpRequest request, BatchHeader header, byte[] sent, CancellationToken cancellation)
    {
        limits.TakeBatch(header.DeviceId, $"Device {header.DeviceId} sends too many batches.");
        byte[] body = await RequestBody.DecodeAsync(request, sent, cancellation);
        return await intake.TakeAsync(header, body, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private static BatchHeader ReadHeader(HttpRequest request, string deviceId)
    {
        if (!TelemetryNames.IsDeviceId(deviceId))
        {
            throw Malformed($"The device id must be 1 to {TelemetryNames.MaxLength} of A-Z, a-z, 0-9, _, . and -, not dots alone.");
        }

        if (!request.HasJsonContentType())
        {
            throw Malformed("Content-Type must be application/json.");
        }

        int boot = (int)ReadNumber(request, BatchHeader.BootHeader, 1, int.MaxValue);
        int sequence = (int)ReadNumber(request, BatchHeader.SequenceHeader, 1, int.MaxValue);
        try
        {
            return new BatchHeader(deviceId, boot, sequence, ReadNumber(request, BatchHeader.TimeHeader, 0, long.MaxValue));
        }
        catch (ArgumentException e)
        {
            throw Malformed(e.Message);
        }
    }

    private static long ReadNumber(HttpRequest request, string name, long from, long to) =>
        long.TryParse(request.Headers[name], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        && number >= from && number <= to
            ? number
            : throw Malformed(string.Create(CultureInfo.InvariantCulture, $"{name} must be one whole number from {from} to {to}."));

    private void CountRefusal(HttpRequest request, string? loggedIn, string deviceId, IPAddress address, DoorRefusedException refusal)
    {
        string device = TelemetryNames.IsDeviceId(deviceId) ? deviceId : "?";
        // An address has few failed logins, so each device whose key is wrong is named; of other faults it can have any number in any name.
        string sender = refusal.Status == StatusCodes.Status503ServiceUnavailable ? Refusals.Anybody
            : loggedIn ?? (refusal.IsFailedLogin ? $"{Refusals.SenderAt(address)} {device}" : Refusals.SenderAt(address));
        if (refusals.Count(Door, refusal.Status, sender, refusal.Message) is not string detail)
        {
            return;
        }

        int? boot = FindNumber(request, BatchHeader.BootHeader), sequence = FindNumber(request, BatchHeader.SequenceHeader);
        using IDisposable? scope = BatchScope(logger, device, boot, sequence);
        LogRefusal(device, address, refusal.Status, detail);
    }

    // As it came: it may be missing or wrong.
    private static int? FindNumber(HttpRequest request, string name) =>
        int.TryParse(request.Headers[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static DoorRefusedException Malformed(string detail) => new(StatusCodes.Status400BadRequest, detail);

    private static async Task AnswerAsync(HttpContext context, BatchAnswer answer)
    {
        var output = new ArrayBufferWriter<byte>();
        BatchWriter.Write(output, answer);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = output.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(output.WrittenMemory, context.RequestAborted);
    }

    [LoggerMessage(EventId = 100, Level = LogLevel.Warning, Message = "Batch of {DeviceId} from {Address} refused with {Status}: {Detail}")]
    private partial void LogRefusal(string deviceId, IPAddress address, int status, string detail);
}
