using System;

namespace FeatureAlignment.Tests.Support;

/// <summary>Measures what code allocates.</summary>
internal static class Allocation
{
    public const int Rounds = 5;

    /// <summary>
    /// Bytes that the calling thread allocates while it does something: the middle of some rounds. Once in a while the runtime makes
    /// something of its own on a thread; code that allocates, or whose memory grows, does so in most rounds.
    /// </summary>
    public static long Of(Action round)
    {
        var allocated = new long[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Array.Sort(allocated);
        return allocated[Rounds / 2];
    }
}
