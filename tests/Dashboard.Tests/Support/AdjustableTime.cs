using System;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>A clock that tests move; it stands still otherwise.</summary>
internal sealed class AdjustableTime : TimeProvider
{
    private DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(Batches.Noon);

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}
