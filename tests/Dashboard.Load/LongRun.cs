using System;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>A run of one long series, stored as if it had come in.</summary>
internal static class LongRun
{
    /// <summary>Row of the run: it is the first of its database.</summary>
    public const int RunId = 1;

    private const int PointsPerBatch = 1_000;
    private const long FirstTime = 1_795_350_000_000;

    /// <summary>Writes it into a new database: a loss each second, its steps counted from 0.</summary>
    public static async Task WriteAsync(string database, int points)
    {
        await using var store = SqliteTelemetryStore.Open(database);
        for (int batch = 0; batch < points / PointsPerBatch; batch++)
        {
            await store.AppendAsync(
                new ReceivedBatch(new BatchHeader("board", 1, batch + 1, 0), Batch(batch), Array.Empty<byte>(), FirstTime));
        }
    }

    private static TelemetryBatch Batch(int batch) =>
        new("r-chart", "1.0.0", Enumerable.Range(batch * PointsPerBatch, PointsPerBatch).Select(
        i => TelemetryPoint.OfSingle(FirstTime + 1_000L * i, i, 0, MetricNames.AlignmentLoss, 2 + MathF.Sin(i * 0.001f))));
}
