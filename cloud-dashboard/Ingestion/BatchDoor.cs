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
    BatchIntake intake, BatchLogin login, DoorLimits limits, TimeProvider time, DashboardMetrics metrics, ILogger<BatchDoor> logger)
{
    public const string Route = "/api/telemetry/{deviceId}/batches";

    private static readonly Func<ILogger, string, int?, int?, IDisposable?> BatchScope =
        LoggerMessage.DefineScope<string, int?, int?>("Batch {DeviceId} {Boot} {Sequence}");

    public async Task HandleAsync(HttpContext context, string deviceId)
    {
        IPAddress address = RequestSource.Plain(context.Connection.RemoteIpAddress);
        try
        {
            limits.RequireUnblocked(address);
            await AnswerAsync(context, await TakeAsync(context.Request, deviceId, context.RequestAborted));
        }
        catch (DoorRefusedException refusal)
        {
            if (refusal.IsFailedLogin)
            {
                limits.CountFailure(address);
            }

            metrics.CountRefusal("batches", refusal.Status);
            if (refusal.IsLogged)
            {
                LogRefusal(context.Request, deviceId, address, refusal);
            }

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

    private async Task<BatchAnswer> TakeAsync(HttpRequest request, string deviceId, CancellationToken cancellation)
    {
        BatchHeader header = ReadHeader(request, deviceId);
        byte[] sent = await RequestBody.ReadAsync(request, cancellation);
        await login.RequireAsync(request, header, sent, cancellation);
        limits.TakeBatch(deviceId, $"Device {deviceId} sends too many batches.");
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

    private void LogRefusal(HttpRequest request, string deviceId, IPAddress address, DoorRefusedException refusal)
    {
        string device = TelemetryNames.IsDeviceId(deviceId) ? deviceId : "?";
        int? boot = FindNumber(request, BatchHeader.BootHeader), sequence = FindNumber(request, BatchHeader.SequenceHeader);
        using IDisposable? scope = BatchScope(logger, device, boot, sequence);
        LogRefusal(device, address, refusal.Status, refusal.Message);
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
