using System;

namespace FeatureAlignment.Device.Reporting;

/// <summary>
/// Decides when a batch may go: at most twelve in any minute, which is what Meadow.Cloud takes; after failures not before a wait that
/// doubles from one to the next, and not before the other side asked for.
/// </summary>
public sealed class UploadSchedule
{
    /// <summary>Batches that may go in any minute.</summary>
    public const int MostInAMinute = 12;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // An answer that asks for more than this is taken for a mistake.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(6);

    private readonly RandomSource random;

    // Times of the newest sends, overwritten in turn: the one to be overwritten next is the oldest.
    private readonly TimeSpan[] sends = new TimeSpan[MostInAMinute];
    private int sendCount;
    private int failures;
    private TimeSpan notBefore;

    /// <summary>Creates a schedule; the first batch may go at once.</summary>
    /// <param name="random">Spreads the waits, so that devices that failed together do not come back together.</param>
    public UploadSchedule(RandomSource random)
    {
        ArgumentChecks.NotNull(random, nameof(random));
        this.random = random;
    }

    /// <summary>Wait after the first failure, before it is spread.</summary>
    public static TimeSpan FirstWait { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait that failures alone lead to.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Failures since the last success.</summary>
    public int Failures => failures;

    /// <summary>Whether a batch may go.</summary>
    /// <param name="uptime">Time since the device started.</param>
    public bool MaySend(TimeSpan uptime) =>
        uptime >= notBefore && (sendCount < MostInAMinute || uptime - sends[sendCount % MostInAMinute] >= Minute);

    /// <summary>A batch goes.</summary>
    /// <param name="uptime">Time since the device started.</param>
    public void Sent(TimeSpan uptime) => sends[sendCount++ % MostInAMinute] = uptime;

    /// <summary>The other side answered and took what it will ever take.</summary>
    public void Succeeded() => failures = 0;

    /// <summary>A batch did not get through.</summary>
    /// <param name="uptime">Time since the device started.</param>
    /// <param name="retryAfter">What the other side asks for; zero when it asks for nothing.</param>
    public void Failed(TimeSpan uptime, TimeSpan retryAfter)
    {
        double wait = FirstWait.TotalSeconds * Math.Pow(2, Math.Min(failures++, 16));
        // Between half and all of the wait.
        double spread = Math.Min(wait, LongestWait.TotalSeconds) * (0.5 + random.NextSingle() / 2);
        TimeSpan asked = retryAfter < LongestRetryAfter ? retryAfter : LongestRetryAfter;
        var own = TimeSpan.FromSeconds(spread);
        notBefore = uptime + (asked > own ? asked : own);
    }
}
