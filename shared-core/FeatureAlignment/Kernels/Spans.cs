using System;

namespace FeatureAlignment.Kernels;

/// <summary>Plain loops that more than one rule needs and that are not worth a kernel.</summary>
internal static class Spans
{
    /// <summary>sum[i] += source[i] for each element of <paramref name="sum"/>.</summary>
    public static void Add(ReadOnlySpan<float> source, Span<float> sum)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += source[i];
        }
    }
}
