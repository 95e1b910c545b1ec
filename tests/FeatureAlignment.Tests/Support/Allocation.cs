using System;

namespace FeatureAlignment.Tests.Support;

/// <summary>Measures what code allocates.</summary>
internal static class Allocation
{
    /// <summary>Bytes that the calling thread allocates while it does something.</summary>
    public static long Of(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
