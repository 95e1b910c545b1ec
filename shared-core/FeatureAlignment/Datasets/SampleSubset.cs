using System;

namespace FeatureAlignment.Datasets;

/// <summary>
/// A part of another source: consecutive positions of it, as they stand or in a seeded order. Holds no samples of its own.
/// </summary>
public sealed class SampleSubset : ISampleSource
{
    private readonly ISampleSource source;
    private readonly int first;
    private readonly SampleOrder? order;

    /// <summary>The samples of a source from one position on.</summary>
    /// <param name="source">The whole.</param>
    /// <param name="first">0-based position of the part's first sample.</param>
    /// <param name="count">Number of samples, at least 1.</param>
    /// <param name="order">What stands at each position of the whole; null leaves the samples where they are.</param>
    /// <exception cref="ArgumentException">The part reaches beyond the source, or the order has another count than the source.</exception>
    public SampleSubset(ISampleSource source, int first, int count, SampleOrder? order = null)
    {
        this.source = source ?? throw new ArgumentNullException(nameof(source));
        if (first < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first, "The first position must be at least 0.");
        }

        if (count < 1 || count > source.Count - first)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                count,
                $"The part must hold from 1 to {source.Count - first} samples, from position {first} of {source.Count}.");
        }

        if (order is { } given && given.Count != source.Count)
        {
            throw new ArgumentException(
                $"The order must be of the source's {source.Count} samples; it is of {given.Count}.", nameof(order));
        }

        this.first = first;
        this.order = order;
        Count = count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Inputs => source.Inputs;

    /// <inheritdoc/>
    public int Classes => source.Classes;

    /// <summary>Parts a source in two that share no sample and together hold every one, chosen by seed.</summary>
    /// <param name="source">The whole, of at least 2 samples.</param>
    /// <param name="validationCount">Number of samples held back, from 1 to the source's count - 1.</param>
    /// <param name="seed">The same seed gives the same parts, on every runtime.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of the parts would be empty.</exception>
    public static (SampleSubset Training, SampleSubset Validation) Split(ISampleSource source, int validationCount, ulong seed)
    {
        _ = source ?? throw new ArgumentNullException(nameof(source));
        if (validationCount < 1 || validationCount >= source.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationCount),
                validationCount,
                $"From 1 to {source.Count - 1} of the source's {source.Count} samples can be held back, so that both parts have some.");
        }

        var order = new SampleOrder(seed, 0, source.Count);
        int trainingCount = source.Count - validationCount;
        return (new SampleSubset(source, 0, trainingCount, order), new SampleSubset(source, trainingCount, validationCount, order));
    }

    /// <summary>The first samples of a source, or the source itself when it has no more.</summary>
    /// <param name="source">The whole.</param>
    /// <param name="count">Largest number of samples, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static ISampleSource Take(ISampleSource source, int count)
    {
        _ = source ?? throw new ArgumentNullException(nameof(source));
        return count >= source.Count ? source : new SampleSubset(source, 0, count);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The index is out of range, or the buffer has not <see cref="Inputs"/> elements.</exception>
    public int Read(int sampleIndex, Span<float> features)
    {
        SampleArguments.Check(this, sampleIndex, features);
        int position = first + sampleIndex;
        return source.Read(order is { } permutation ? permutation[position] : position, features);
    }
}
