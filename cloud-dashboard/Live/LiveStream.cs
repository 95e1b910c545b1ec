using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Live;

/// <summary>What a page wants to hear of.</summary>
/// <param name="DeviceId">One device; null for the fleet, which is told only who reported.</param>
/// <param name="Run">The run of the device whose points are sent along; null when no points are wanted.</param>
internal sealed record LiveWish(string? DeviceId, string? Run);

/// <summary>The stream of one page. Its events:</summary>
/// <remarks>
/// <c>devices</c>: ids of the devices that reported (fleet). <c>batch</c>: counts of what came, and the points of the run. <c>reset</c>:
/// events were missed, read everything anew. <c>ping</c>: nothing came, the line is alive. A page names where the log was when it was made,
/// and when it comes again the last number that it has.
/// </remarks>
internal sealed class LiveStream(LiveLog log, TimeProvider time)
{
    /// <summary>Events of a page are at least so far apart: what comes in between comes together.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a stream is silent at most.</summary>
    public static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);

    /// <summary>Follows what comes in until the page goes.</summary>
    /// <param name="wish">What the page wants.</param>
    /// <param name="lastEventId">Where it goes on from, <see cref="LiveLog.Place"/>; null or empty for from now on.</param>
    /// <param name="stop">When the page, or the dashboard, goes.</param>
    public async IAsyncEnumerable<SseItem<object>> FollowAsync(
        LiveWish wish, string? lastEventId, [EnumeratorCancellation] CancellationToken stop)
    {
        bool isNew = string.IsNullOrEmpty(lastEventId);
        long place = isNew ? log.Newest : Parse(lastEventId!) ?? -1;
        // The first event opens the stream at the browser and gives it a number to come again with.
        yield return Ping(isNew ? place : null);
        while (!stop.IsCancellationRequested)
        {
            IReadOnlyList<LiveBatch>? batches = log.ReadAfter(place, out Task next);
            if (batches is null)
            {
                place = log.Newest;
                yield return Numbered("reset", new { }, place);
                continue;
            }

            place = batches.Count > 0 ? batches[^1].Number : place;
            if (Tell(wish, batches) is (string name, object data))
            {
                yield return Numbered(name, data, place);
                if (!await DelayAsync(Pace, stop))
                {
                    yield break;
                }
            }
            else if (!await WaitAsync(next, stop))
            {
                yield return Ping(place);
            }
        }
    }

    private static (string Name, object Data)? Tell(LiveWish wish, IReadOnlyList<LiveBatch> batches)
    {
        if (wish.DeviceId is null)
        {
            string[] devices = [.. batches.Select(batch => batch.DeviceId).Distinct()];
            return devices.Length > 0 ? ("devices", devices) : null;
        }

        LiveBatch[] wanted = [.. batches.Where(batch => batch.DeviceId == wish.DeviceId)];
        return wanted.Length == 0 ? null : ("batch", new
        {
            points = wanted.Where(batch => batch.Run == wish.Run).SelectMany(Points).ToArray(),
            images = wanted.Sum(batch => batch.Images),
            events = wanted.Sum(batch => batch.Events),
            logs = wanted.Sum(batch => batch.Logs),
        });
    }

    // As short as can be: [layer, name, step, time, value].
    private static IEnumerable<object?[]> Points(LiveBatch batch) => batch.Points.Select(point => new object?[]
    {
        point.Layer, point.Name, point.Step, point.TimeMilliseconds != 0 ? point.TimeMilliseconds : batch.ReceivedMilliseconds, point.Value,
    });

    private SseItem<object> Ping(long? place) =>
        place is long number ? Numbered("ping", new { }, number) : new SseItem<object>(new { }, "ping");

    private SseItem<object> Numbered(string name, object data, long place) => new(data, name) { EventId = log.PlaceOf(place) };

    private long? Parse(string id) => id.StartsWith(log.Epoch + "-", StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(log.Epoch.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <returns>False when nothing came for so long that a ping is due.</returns>
    private async Task<bool> WaitAsync(Task next, CancellationToken stop)
    {
        try
        {
            await next.WaitAsync(PingAfter, time, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <returns>False when the page has gone.</returns>
    private async Task<bool> DelayAsync(TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
