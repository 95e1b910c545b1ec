using System.Collections.Generic;

namespace FeatureAlignment.Telemetry;

/// <summary>How much is allowed, for all who send and receive.</summary>
public static class TelemetryLimits
{
    /// <summary>Most bytes of a body, after decompression.</summary>
    public const int BodyBytes = 64 * 1024;

    /// <summary>Most points in a batch.</summary>
    public const int Points = 1_000;

    /// <summary>Most pictures in a batch.</summary>
    public const int Images = 16;

    /// <summary>Most pixels of a picture in either direction.</summary>
    public const int ImageSide = 64;

    /// <summary>Most events in a batch.</summary>
    public const int Events = 100;

    /// <summary>Most lines of the log in a batch.</summary>
    public const int Logs = 200;

    /// <summary>Most UTF-16 units of a text.</summary>
    public const int TextLength = 512;

    /// <summary>Most numbers in an array.</summary>
    public const int ArrayLength = 400;

    /// <summary>Most series (layer and name) in a run. The receiver counts over all batches; the check here sees one.</summary>
    public const int Series = 512;

    /// <summary>Finds the first limit that a batch exceeds.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>Null when it keeps within all of them.</returns>
    /// <exception cref="System.ArgumentNullException"><paramref name="batch"/> is null.</exception>
    public static LimitExceeded? Check(TelemetryBatch batch)
    {
        ArgumentChecks.NotNull(batch, nameof(batch));
        return Exceeds("points", Points, batch.Points.Count) ?? Exceeds("images", Images, batch.Images.Count)
            ?? Exceeds("events", Events, batch.Events.Count) ?? Exceeds("logs", Logs, batch.Logs.Count)
            ?? CheckSeries(batch) ?? CheckImages(batch) ?? CheckEvents(batch) ?? CheckLogs(batch)
            ?? (batch.RunSettings is null ? null : CheckFields("run_settings", batch.RunSettings));
    }

    /// <summary>Checks the size of a body.</summary>
    /// <param name="bytes">Its bytes after decompression.</param>
    /// <returns>Null when it is small enough.</returns>
    public static LimitExceeded? CheckBody(long bytes) => Exceeds("body bytes", BodyBytes, bytes);

    private static LimitExceeded? CheckSeries(TelemetryBatch batch)
    {
        // So few points can't have too many series.
        if (batch.Points.Count <= Series)
        {
            return null;
        }

        var series = new HashSet<(int?, string)>();
        foreach (TelemetryPoint point in batch.Points)
        {
            series.Add((point.Layer, point.Name));
        }

        return Exceeds("series", Series, series.Count);
    }

    private static LimitExceeded? CheckImages(TelemetryBatch batch)
    {
        for (int i = 0; i < batch.Images.Count; i++)
        {
            LimitExceeded? exceeded = Exceeds($"images[{i}].width", ImageSide, batch.Images[i].Width)
                ?? Exceeds($"images[{i}].height", ImageSide, batch.Images[i].Height);
            if (exceeded is not null)
            {
                return exceeded;
            }
        }

        return null;
    }

    private static LimitExceeded? CheckEvents(TelemetryBatch batch)
    {
        for (int i = 0; i < batch.Events.Count; i++)
        {
            LimitExceeded? exceeded = Exceeds($"events[{i}].text length", TextLength, batch.Events[i].Text.Length)
                ?? CheckFields($"events[{i}].data", batch.Events[i].Data);
            if (exceeded is not null)
            {
                return exceeded;
            }
        }

        return null;
    }

    private static LimitExceeded? CheckLogs(TelemetryBatch batch)
    {
        for (int i = 0; i < batch.Logs.Count; i++)
        {
            if (batch.Logs[i].Text.Length > TextLength)
            {
                return Exceeds($"logs[{i}].text length", TextLength, batch.Logs[i].Text.Length);
            }
        }

        return null;
    }

    private static LimitExceeded? CheckFields(string where, TelemetryFields fields)
    {
        foreach (KeyValuePair<string, TelemetryValue> field in fields)
        {
            LimitExceeded? exceeded = field.Value.Kind switch
            {
                TelemetryValueKind.Text => Exceeds($"{where}.{field.Key} length", TextLength, field.Value.Text.Length),
                TelemetryValueKind.Numbers => Exceeds($"{where}.{field.Key} count", ArrayLength, field.Value.Numbers.Count),
                _ => null,
            };
            if (exceeded is not null)
            {
                return exceeded;
            }
        }

        return null;
    }

    private static LimitExceeded? Exceeds(string what, long limit, long found) =>
        found > limit ? new LimitExceeded(what, limit, found) : null;
}
