using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.MeadowCloud;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>What an item becomes.</summary>
/// <param name="Batch">For the store; null when nothing of the item can be used.</param>
/// <param name="Unusable">Why some or all of it can't be used; null when all can.</param>
internal sealed record CloudTranslation(ReceivedBatch? Batch, string? Unusable);

/// <summary>
/// Turns items of Meadow.Cloud into batches. Our own events, 1000 to 1004 with a schema, are parts of a batch and say which. All else goes
/// into the run that the item or the board is in: health into series, other events and lines of a log into those of the board.
/// </summary>
internal sealed class CloudTranslator(ITelemetryStore store)
{
    /// <summary>Run, and version of the application, of a board that has told neither.</summary>
    public const string Unknown = "meadow";

    /// <summary>Kind of an event that is not ours.</summary>
    public const string EventKind = "meadow_event";

    private const int HealthEvent = 10;
    private const string HealthPrefix = "health.", TextPrefix = "info.", UpTime = "up_time";

    // Numbers that no board counts up to: they name items without a number by their content.
    private const int FirstContentNumber = 1 << 30;

    // Meadow's names of what MetricNames has.
    private static readonly Dictionary<string, string> HealthNames = new()
    {
        ["cpu_temp_celsius"] = MetricNames.Temperature,
        ["disk_space_used"] = MetricNames.StorageUsed,
        ["total_free_memory"] = MetricNames.MemoryFree,
        ["largest_memory_free_block"] = MetricNames.MemoryLargestBlock,
        [UpTime] = MetricNames.Uptime,
    };

    /// <summary>Turns an item into a batch.</summary>
    /// <param name="item">An item that could be read.</param>
    /// <param name="deviceId">The board that sent it.</param>
    /// <param name="now">When it came, Unix milliseconds.</param>
    /// <param name="cancellation">When the sender has gone.</param>
    public async Task<CloudTranslation> TranslateAsync(CloudItem item, string deviceId, long now, CancellationToken cancellation)
    {
        try
        {
            return item.Event is MeadowCloudEvent one && IsOurs(one)
                ? TranslateOurs(one, deviceId, now)
                : await TranslateOtherAsync(item, deviceId, now, cancellation);
        }
        catch (Exception e) when (e is TelemetryFormatException or ArgumentException)
        {
            return new CloudTranslation(null, e.Message);
        }
    }

    private static bool IsOurs(MeadowCloudEvent one) =>
        one.EventId is >= MeadowCloudEvents.Points and <= MeadowCloudEvents.CommandAnswer && one.Measurements.TryGet("schema", out _);

    private static CloudTranslation TranslateOurs(MeadowCloudEvent one, string deviceId, long now)
    {
        MeadowCloudContent content = MeadowCloudEvents.Decode(one);
        ArgumentOutOfRangeException.ThrowIfNegative(content.Part, "part");
        BatchHeader said = content.Header;
        var header = new BatchHeader(deviceId, said.Boot, said.Sequence, said.TimeMilliseconds);
        return Finish(header, content.Part, content.Batch, content.Unusable, now);
    }

    private async Task<CloudTranslation> TranslateOtherAsync(CloudItem item, string deviceId, long now, CancellationToken cancellation)
    {
        DeviceRecord? device = await store.FindDeviceAsync(deviceId, cancellation);
        RunRecord? run = device?.LastRunId is long id ? await store.FindRunAsync(id, cancellation) : null;
        string runName = item.Event is not null && item.Event.Measurements.TryGet("runId", out TelemetryValue? said)
            && said.Kind == TelemetryValueKind.Text && TelemetryNames.IsKey(said.Text) ? said.Text : run?.Name ?? Unknown;
        string app = TelemetryNames.IsKey(device?.App) ? device!.App : Unknown;
        long step = run is not null && run.Name == runName ? run.LastStep : 0;

        var unusable = new List<string>(item.Event?.Unusable ?? []);
        TelemetryBatch batch = item.Event switch
        {
            null => new TelemetryBatch(runName, app, logs: [item.Log!]),
            { EventId: HealthEvent } health => new TelemetryBatch(runName, app, Health(health, step, unusable)),
            MeadowCloudEvent other => new TelemetryBatch(runName, app, events: [Event(other, step, unusable)]),
        };
        (BatchHeader header, int part) = NumberByContent(item.Body.Span, deviceId, now);
        return Finish(header, part, batch, unusable, now);
    }

    private static CloudTranslation Finish(
        BatchHeader header, int part, TelemetryBatch batch, IReadOnlyList<string> unusable, long now)
    {
        if (TelemetryLimits.Check(batch) is LimitExceeded exceeded)
        {
            return new CloudTranslation(null, exceeded.ToString());
        }

        var body = new ArrayBufferWriter<byte>();
        BatchWriter.Write(body, batch);
        return new CloudTranslation(
            new ReceivedBatch(header, batch, body.WrittenMemory, now, part),
            unusable.Count == 0 ? null : $"These can't be used, the others were: {string.Join(", ", unusable)}.");
    }

    // The same bytes again are the same item: Meadow sends them so when an answer was lost, and its times have 100 ns.
    private static (BatchHeader Header, int Part) NumberByContent(ReadOnlySpan<byte> body, string deviceId, long now)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        int sequence = FirstContentNumber | (BinaryPrimitives.ReadInt32BigEndian(hash) & (FirstContentNumber - 1));
        int part = BinaryPrimitives.ReadInt32BigEndian(hash[4..]) & int.MaxValue;
        return (new BatchHeader(deviceId, boot: 1, sequence, now), part);
    }

    private static IEnumerable<TelemetryPoint> Health(MeadowCloudEvent health, long step, List<string> unusable)
    {
        foreach ((string measurement, TelemetryValue value) in health.Measurements)
        {
            string name = measurement.StartsWith(HealthPrefix, StringComparison.Ordinal) ? measurement[HealthPrefix.Length..] : measurement;
            name = HealthNames.GetValueOrDefault(name, name);
            if (TelemetryNames.IsName(name) && NumberOf(measurement, value) is double number)
            {
                yield return new TelemetryPoint(health.TimeMilliseconds, step, layer: null, name, number);
            }
            else if (measurement != "deviceId" && !measurement.StartsWith(TextPrefix, StringComparison.Ordinal))
            {
                unusable.Add(measurement);
            }
        }
    }

    private static double? NumberOf(string measurement, TelemetryValue value) => value.Kind switch
    {
        TelemetryValueKind.Number => value.Number,
        TelemetryValueKind.Boolean => value.Truth ? 1 : 0,
        TelemetryValueKind.Text when measurement == UpTime
            && TimeSpan.TryParse(value.Text, CultureInfo.InvariantCulture, out TimeSpan time) => time.TotalSeconds,
        _ => null,
    };

    private static TelemetryEvent Event(MeadowCloudEvent other, long step, List<string> unusable)
    {
        var data = new TelemetryFields();
        foreach ((string name, TelemetryValue value) in other.Measurements.Where(field => field.Key is not ("deviceId" or "runId")))
        {
            bool isLong = value.Kind == TelemetryValueKind.Numbers && value.Numbers.Count > TelemetryLimits.ArrayLength;
            if (isLong || !TelemetryNames.IsKey(name))
            {
                unusable.Add(name);
                continue;
            }

            data.Add(name, value.Kind switch
            {
                TelemetryValueKind.Text => new TelemetryValue(TelemetryText.Clean(value.Text, TelemetryLimits.TextLength)),
                TelemetryValueKind.Boolean => new TelemetryValue(value.ToString()),
                _ => value,
            });
        }

        data.Add("event_id", other.EventId);
        string text = TelemetryText.Clean(other.Description, TelemetryLimits.TextLength);
        return new TelemetryEvent(other.TimeMilliseconds, step, EventKind, TelemetryPriority.Normal, text, data);
    }
}
