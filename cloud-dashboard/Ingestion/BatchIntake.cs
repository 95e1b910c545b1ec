using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>What becomes of a whole batch once it is clear who sent it: read, held against the limits, stored once for ever.</summary>
internal sealed class BatchIntake(ITelemetryStore store, DashboardMetrics metrics)
{
    /// <summary>Takes a batch.</summary>
    /// <param name="header">Names it.</param>
    /// <param name="body">Its JSON, decompressed.</param>
    /// <param name="receivedMilliseconds">When it came, Unix milliseconds.</param>
    /// <exception cref="DoorRefusedException">It can't be used (400), or nothing can be stored now (503).</exception>
    public async Task<BatchAnswer> TakeAsync(BatchHeader header, byte[] body, long receivedMilliseconds)
    {
        TelemetryBatch content = ReadContent(body);
        try
        {
            AppendResult result = await store.AppendAsync(new ReceivedBatch(header, content, body, receivedMilliseconds));
            if (result.IsRepeated)
            {
                metrics.CountRepeated();
            }

            return result.Answer ?? throw new DoorRefusedException(StatusCodes.Status400BadRequest, result.Refusal!);
        }
        catch (StoreUnavailableException e)
        {
            throw new DoorRefusedException(StatusCodes.Status503ServiceUnavailable, e.Message, e.RetryAfter);
        }
    }

    private static TelemetryBatch ReadContent(byte[] body)
    {
        try
        {
            TelemetryBatch content = BatchReader.ReadBatch(body);
            return TelemetryLimits.Check(content) is LimitExceeded exceeded
                ? throw new DoorRefusedException(StatusCodes.Status400BadRequest, exceeded.ToString())
                : content;
        }
        catch (TelemetryFormatException e)
        {
            throw new DoorRefusedException(StatusCodes.Status400BadRequest, e.Message);
        }
    }
}
