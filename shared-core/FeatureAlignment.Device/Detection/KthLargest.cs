using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// The k-th largest of the last n values of a statistic: k of n are above a threshold exactly when it is. So the threshold is learned on
/// it, and what lasts shorter than k windows, a load that is switched on, does not raise it.
/// </summary>
internal sealed class KthLargest
{
    private readonly double[] ring;
    private readonly double[] sorted;
    private readonly int k;
    private int count;
    private int next;

    public KthLargest(int k, int of)
    {
        this.k = k;
        ring = new double[of];
        sorted = new double[of];
    }

    /// <summary>Takes the next value.</summary>
    /// <returns>The k-th largest of the last n; of fewer than k values the smallest.</returns>
    public double Add(double value)
    {
        ring[next] = value;
        next = (next + 1) % ring.Length;
        count = Math.Min(count + 1, ring.Length);
        Array.Copy(ring, sorted, count);
        Array.Sort(sorted, 0, count);
        return sorted[Math.Max(0, count - k)];
    }

    public void Write(CheckpointWriter writer)
    {
        writer.WriteDoubles("recent", ring);
        writer.Write("recentCount", count);
        writer.Write("recentNext", next);
    }

    public void Read(CheckpointReader reader)
    {
        reader.ReadDoubles("recent", ring);
        count = Math.Max(0, Math.Min(ring.Length, reader.ReadInt("recentCount")));
        next = (int)((uint)reader.ReadInt("recentNext") % (uint)ring.Length);
    }
}
