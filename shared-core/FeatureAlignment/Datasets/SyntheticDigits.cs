using System;

namespace FeatureAlignment.Datasets;

/// <summary>
/// Handwritten-looking digits, drawn by the code itself in the format of MNIST: 28 x 28 grey values, white ink (1) on black (0), in
/// steps of 1/255. Sample i of a seed is the same on every runtime, whatever was read before. Digits vary enough in hand, slant, size
/// and place that a linear classifier stays below 92 %.
/// </summary>
public sealed class SyntheticDigits : ISampleSource
{
    private const int Side = 28;
    private const int LargestStrokeCoordinates = 2 * 16;

    // Keeps the streams apart from those of the same seed that draw weights and noise.
    private const ulong SeedSalt = 0x6469676974730000;

    // Started anew for every digit: kept only so that reading allocates nothing, and by thread because several may read at once.
    [ThreadStatic]
    private static RandomSource? threadRandom;

    private readonly ulong seed;
    private readonly int firstIndex;

    /// <summary>A range of the endless row of digits of a seed. Ranges that do not overlap have no sample in common.</summary>
    /// <param name="seed">Any value.</param>
    /// <param name="count">Number of samples, at least 1.</param>
    /// <param name="firstIndex">Where the range starts, at least 0: a test set starts where the training set ends.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count is below 1, the first index below 0, or the range reaches beyond <see cref="int.MaxValue"/>.
    /// </exception>
    public SyntheticDigits(ulong seed, int count, int firstIndex = 0)
    {
        if (count < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"The number of digits must be at least 1; was {count}.");
        }

        if (firstIndex < 0 || firstIndex > int.MaxValue - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(firstIndex), $"The first index must be from 0 to {int.MaxValue - count} for {count} digits; was {firstIndex}.");
        }

        this.seed = seed ^ SeedSalt;
        this.firstIndex = firstIndex;
        Count = count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>784: rows of 28 pixels from top to bottom.</summary>
    public int Inputs => Side * Side;

    /// <summary>10: the label is the digit.</summary>
    public int Classes => 10;

    /// <summary>Draws one digit into the caller's buffer. Allocates nothing but, at a thread's first call, its generator.</summary>
    /// <param name="sampleIndex">0-based, below <see cref="Count"/>.</param>
    /// <param name="features">[784], overwritten with multiples of 1/255 from 0 to 1.</param>
    /// <returns>
    /// The digit: that of the place in the seed's row modulo 10, so that every ten neighbours hold each digit once.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the range.</exception>
    /// <exception cref="ArgumentException">The buffer does not hold 784 values.</exception>
    public int Read(int sampleIndex, Span<float> features)
    {
        if ((uint)sampleIndex >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(sampleIndex), $"A sample index must be from 0 to {Count - 1}; was {sampleIndex}.");
        }

        if (features.Length != Inputs)
        {
            throw new ArgumentException($"The buffer for a digit must hold {Inputs} values; holds {features.Length}.", nameof(features));
        }

        int index = firstIndex + sampleIndex;
        int digit = index % Classes;
        RandomSource random = threadRandom ??= new RandomSource(seed);
        random.Reseed(seed, (ulong)index);
        features.Clear();
        Span<float> points = stackalloc float[LargestStrokeCoordinates];

        byte[][] strokes = DigitStrokes.Draw(digit, random);
        var pose = new DigitPose(random, Side);
        float radius = 0.85f + (0.8f * random.NextSingle());
        float softness = 1f + (0.8f * random.NextSingle());
        var pen = new Pen(features, Side, radius, softness);
        foreach (byte[] stroke in strokes)
        {
            PlaceStroke(stroke, pose, random, points);
            pen.DrawStroke(points.Slice(0, stroke.Length));
        }

        Finish(features, random);
        return digit;
    }

    // Every point misses its place a little, both copies of a corner by the same.
    private static void PlaceStroke(byte[] stroke, in DigitPose pose, RandomSource random, Span<float> points)
    {
        const float Miss = 0.02f;
        for (int i = 0; i < stroke.Length; i += 2)
        {
            bool isCorner = i > 0 && stroke[i] == stroke[i - 2] && stroke[i + 1] == stroke[i - 1];
            if (isCorner)
            {
                points[i] = points[i - 2];
                points[i + 1] = points[i - 1];
                continue;
            }

            float boxX = (stroke[i] * 0.01f) - 0.5f + (Miss * random.NextNormal());
            float boxY = (stroke[i + 1] * 0.01f) - 0.5f + (Miss * random.NextNormal());
            pose.Place(boxX, boxY, out points[i], out points[i + 1]);
        }
    }

    // Pressure and grain of the ink, then the steps of a byte.
    private static void Finish(Span<float> features, RandomSource random)
    {
        float brightness = 0.8f + (0.2f * random.NextSingle());
        for (int i = 0; i < features.Length; i++)
        {
            float ink = features[i];
            if (ink > 0f)
            {
                float grain = 1f - (0.15f * random.NextSingle());
                int level = (int)((255f * brightness * grain * ink) + 0.5f);
                features[i] = level / 255f;
            }
        }
    }
}
