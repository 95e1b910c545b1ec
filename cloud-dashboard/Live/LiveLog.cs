using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Live;

/// <summary>A batch that was stored, as listeners hear of it.</summary>
/// <param name="Number">Counts batches since the start of the program, from 1.</param>
/// <param name="DeviceId">Who sent it.</param>
/// <param name="ReceivedMilliseconds">When it came.</param>
/// <param name="Run">The run that it is of.</param>
/// <param name="Points">Its points.</param>
/// <param name="Images">How many pictures it brought; they themselves are not kept.</param>
/// <param name="Events">How many events.</param>
/// <param name="Logs">How many lines of the log.</param>
internal sealed record LiveBatch(
    long Number, string DeviceId, long ReceivedMilliseconds, string Run, IReadOnlyList<TelemetryPoint> Points, int Images, int Events,
    int Logs);

/// <summary>
/// The newest batches, for all listeners alike. Each keeps its own place and reads on from there, so a slow one costs nothing; one that
/// was away too long is told so and reads the store instead.
/// </summary>
internal sealed class LiveLog
{
    /// <summary>Most batches that are kept.</summary>
    public const int Batches = 4_096;

    /// <summary>Most points that are kept, over all batches: some megabytes.</summary>
    public const int Points = 100_000;

    private readonly Lock access = new();
    // By number, round and round: a listener finds its place at once, however many there are.
    private readonly LiveBatch?[] kept = new LiveBatch?[Batches];
    private long oldest = 1;
    private long newest;
    private long points;
    private TaskCompletionSource added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Names this start of the program: numbers of another one mean nothing here.</summary>
    public string Epoch { get; } = Guid.NewGuid().ToString("N")[..12];

    /// <summary>Number of the newest batch; 0 before the first.</summary>
    public long Newest
    {
        get
        {
            lock (access)
            {
                return newest;
            }
        }
    }

    /// <summary>Where the log is now, as events name it: whoever goes on from there hears of all that comes later.</summary>
    public string Place => PlaceOf(Newest);

    /// <summary>The place after a batch, as events name it.</summary>
    public string PlaceOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{number}");

    /// <summary>Takes a batch. Called by the store's writer: returns at once.</summary>
    public void Add(ReceivedBatch batch)
    {
        TaskCompletionSource waiting;
        lock (access)
        {
            TelemetryBatch content = batch.Content;
            if (newest - oldest + 1 == Batches)
            {
                Drop();
            }

            newest++;
            kept[newest % Batches] = new LiveBatch(
                newest, batch.Header.DeviceId, batch.ReceivedMilliseconds, content.Run, content.Points,
                content.Images.Count, content.Events.Count, content.Logs.Count);
            points += content.Points.Count;
            while (points > Points && oldest < newest)
            {
                Drop();
            }

            waiting = added;
            added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
    }

    /// <summary>Reads what came after a batch.</summary>
    /// <param name="after">Its number.</param>
    /// <param name="next">Ends when there is more.</param>
    /// <returns>Oldest first; null when some of it is not kept any more.</returns>
    public IReadOnlyList<LiveBatch>? ReadAfter(long after, out Task next)
    {
        lock (access)
        {
            next = added.Task;
            if (after > newest || after < oldest - 1)
            {
                return null;
            }

            var read = new LiveBatch[newest - after];
            for (int i = 0; i < read.Length; i++)
            {
                read[i] = kept[(after + 1 + i) % Batches]!;
            }

            return read;
        }
    }

    private void Drop()
    {
        ref LiveBatch? last = ref kept[oldest % Batches];
        points -= last!.Points.Count;
        last = null;
        oldest++;
    }
}
