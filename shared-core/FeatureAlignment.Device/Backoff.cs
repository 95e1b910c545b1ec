using System;

namespace FeatureAlignment.Device;

/// <summary>When to try again what failed: after 10 s, and twice as long from one failure to the next, up to 5 minutes.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The wait after the last failure; zero when that was cured.</summary>
    public TimeSpan Wait { get; private set; }

    /// <summary>Not to be tried before this time since the start.</summary>
    public TimeSpan NotBefore { get; private set; }

    /// <summary>It failed.</summary>
    public void Failed(TimeSpan uptime)
    {
        Wait = Wait == TimeSpan.Zero ? First : Wait + Wait < Longest ? Wait + Wait : Longest;
        NotBefore = uptime + Wait;
    }

    /// <summary>It went well.</summary>
    public void Succeeded() => Wait = NotBefore = TimeSpan.Zero;
}
