using System;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Training;

/// <summary>How threads share samples and rows. The shares never change a bit of the result; see <see cref="KernelSet"/>.</summary>
internal static class WorkShare
{
    // Two of the tallest tiles' worth of work; fewer samples are done sooner than a second thread has begun.
    private const int FewestSamples = 8;

    /// <summary>Threads, from 1 to <paramref name="threads"/>, for which a batch has enough samples.</summary>
    public static int ThreadsFor(int samples, int threads) => Math.Max(1, Math.Min(threads, samples / FewestSamples));

    /// <summary>One thread's part of <paramref name="total"/> things.</summary>
    public static (int First, int Count) Of(int total, int index, int parts)
    {
        int first = (int)((long)total * index / parts);
        return (first, (int)((long)total * (index + 1) / parts) - first);
    }

    /// <summary>One thread's part of a layer's rows, from one multiple of <see cref="KernelSet.RowGroup"/> to another.</summary>
    public static (int First, int Count) OfRows(int rows, int index, int parts)
    {
        int groups = (rows + KernelSet.RowGroup - 1) / KernelSet.RowGroup;
        (int first, int count) = Of(groups, index, parts);
        first *= KernelSet.RowGroup;
        return (first, Math.Min(count * KernelSet.RowGroup, rows - first));
    }

    /// <summary>Threads, from 1 to <paramref name="threads"/>, for which a layer has enough rows in a step of so many samples.</summary>
    public static int ThreadsForRows(int rows, int samples, int threads) =>
        samples == 1 ? 1 : Math.Max(1, Math.Min(threads, rows / KernelSet.RowGroup));
}
