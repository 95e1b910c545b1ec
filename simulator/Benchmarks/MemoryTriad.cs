using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>
/// How fast memory is: a = b + s · c over arrays that no cache holds (McCalpin, STREAM, 1995). Bytes are counted as there: two arrays read,
/// one written; that a cache may read a line before it is overwritten is not counted.
/// </summary>
internal sealed class MemoryTriad
{
    private const float Scale = 3;

    private readonly float[] sum;
    private readonly float[] left;
    private readonly float[] right;

    /// <param name="length">Floats of each of the three arrays.</param>
    public MemoryTriad(int length)
    {
        sum = new float[length];
        left = new float[length];
        right = new float[length];

        // Pages that were never written are all the same page of zeros, which stays in the cache.
        Array.Fill(sum, 1);
        Array.Fill(left, 2);
        Array.Fill(right, 4);
    }

    public long Bytes => 3L * sizeof(float) * sum.Length;

    public ReadOnlySpan<float> Sum => sum;

    /// <summary>Runs one of several equal shares of the arrays.</summary>
    public void Run(int shareIndex, int shares)
    {
        int first = (int)((long)sum.Length * shareIndex / shares);
        int count = (int)((long)sum.Length * (shareIndex + 1) / shares) - first;
        Span<float> a = sum.AsSpan(first, count);
        ReadOnlySpan<float> b = left.AsSpan(first, count), c = right.AsSpan(first, count);
        Span<Vector<float>> aLanes = MemoryMarshal.Cast<float, Vector<float>>(a);
        ReadOnlySpan<Vector<float>> bLanes = MemoryMarshal.Cast<float, Vector<float>>(b);
        ReadOnlySpan<Vector<float>> cLanes = MemoryMarshal.Cast<float, Vector<float>>(c);
        for (int i = 0; i < aLanes.Length; i++)
        {
            aLanes[i] = bLanes[i] + (Scale * cLanes[i]);
        }

        for (int i = aLanes.Length * Vector<float>.Count; i < a.Length; i++)
        {
            a[i] = b[i] + (Scale * c[i]);
        }
    }
}
