using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Storage.Series;

/// <summary>The growing ends of all series of a run. One writer changes them, readers take copies: each under <see cref="Lock"/>.</summary>
/// <param name="runId">The run.</param>
/// <param name="isDeleted">Whether people deleted it.</param>
internal sealed class RunTail(long runId, bool isDeleted)
{
    private readonly Dictionary<(int? Layer, string Name), SeriesTail> series = new(new SeriesNames());

    public Lock Lock { get; } = new();

    public long RunId { get; } = runId;

    public bool IsDeleted { get; } = isDeleted;

    /// <summary>When points last came, Unix milliseconds.</summary>
    public long TouchedAt { get; private set; }

    public IReadOnlyCollection<SeriesTail> Series => series.Values;

    public SeriesTail? Find(int? layer, string name) => series.GetValueOrDefault((layer, name));

    public void Add(SeriesTail tail) => series.Add((tail.Layer, tail.Name), tail);

    /// <summary>Series of a batch that the run does not have yet.</summary>
    public IReadOnlyList<(int? Layer, string Name)> FindNew(TelemetryBatch batch) =>
        [.. batch.Points.Where(point => !series.ContainsKey((point.Layer, point.Name))).Select(point => (point.Layer, point.Name))
            .Distinct()];

    /// <summary>Takes the points of a batch, whose series are all there. A point without a time gets the time of arrival.</summary>
    public void Append(TelemetryBatch batch, long receivedMilliseconds)
    {
        lock (Lock)
        {
            foreach (TelemetryPoint point in batch.Points)
            {
                long time = point.TimeMilliseconds != 0 ? point.TimeMilliseconds : receivedMilliseconds;
                series[(point.Layer, point.Name)].Add(point.Step, time, point.Value);
            }

            TouchedAt = receivedMilliseconds;
        }
    }

    // Every point looks for its series, and a run has at most TelemetryLimits.Series: a hash of few characters is enough.
    private sealed class SeriesNames : IEqualityComparer<(int? Layer, string Name)>
    {
        public bool Equals((int? Layer, string Name) x, (int? Layer, string Name) y) => x.Layer == y.Layer && x.Name == y.Name;

        public int GetHashCode((int? Layer, string Name) key) =>
            31 * key.Layer.GetValueOrDefault(-1) + 7 * key.Name.Length + 257 * key.Name[0] + 65_537 * key.Name[^1];
    }
}
