using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>A clock that tests move, and timers that go off when it is moved; nothing happens by itself.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly Lock access = new();
    private readonly List<SteppedTimer> timers = [];
    private DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(Batches.Noon);

    public override DateTimeOffset GetUtcNow() => now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    /// <summary>Moves the clock; timers that become due go off once.</summary>
    public void Advance(TimeSpan by)
    {
        now += by;
        SteppedTimer[] due;
        lock (access)
        {
            due = [.. timers.Where(timer => timer.DueAt <= now)];
        }

        foreach (SteppedTimer timer in due)
        {
            timer.GoOff();
        }
    }

    /// <summary>Timers with such a period.</summary>
    public int CountTimers(TimeSpan period)
    {
        lock (access)
        {
            return timers.Count(timer => timer.Period == period);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (access)
        {
            timers.Add(timer);
        }

        return timer;
    }

    private sealed class SteppedTimer(SteppedTime clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Period { get; private set; }

        public DateTimeOffset DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Period = period;
            DueAt = After(dueTime);
            return true;
        }

        public void GoOff()
        {
            DueAt = After(Period);
            callback(state);
        }

        public void Dispose()
        {
            lock (clock.access)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private DateTimeOffset After(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock.now + span;
    }
}
