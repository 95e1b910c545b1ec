using System;

namespace FeatureAlignment.Simulator.Training;

/// <summary>
/// Measures what a training holds: bytes on the heap that are in use, above those in use when the meter was made, at their peak. To be read
/// whenever the training has allocated, which it does when it is made and at the start of a layer, and never in between.
/// </summary>
internal sealed class MemoryMeter
{
    private readonly long before = BytesInUse();

    public long PeakBytes { get; private set; }

    public void Measure() => PeakBytes = Math.Max(PeakBytes, BytesInUse() - before);

    private static long BytesInUse() => GC.GetTotalMemory(forceFullCollection: true);
}
