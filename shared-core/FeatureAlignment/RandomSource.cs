using System;

namespace FeatureAlignment;

/// <summary>
/// Random numbers that are the same for the same seed on every runtime. The generator is xoshiro128++ (Blackman and Vigna,
/// "Scrambled Linear Pseudorandom Number Generators", 2021): 32-bit operations only, which is what the board's processor has.
/// Not for secrets, and not safe for use by several threads at once. No member but the constructors allocates, save when it throws.
/// </summary>
public sealed class RandomSource
{
    private uint word0;
    private uint word1;
    private uint word2;
    private uint word3;

    /// <summary>The generator of a seed; the same as stream 0 of that seed.</summary>
    /// <param name="seed">Any value.</param>
    public RandomSource(ulong seed) : this(seed, 0)
    {
    }

    /// <summary>One of many independent generators of a seed, say one per layer or per sample.</summary>
    /// <param name="seed">Any value.</param>
    /// <param name="stream">Any value; different streams of one seed start from different states.</param>
    public RandomSource(ulong seed, ulong stream) => Reseed(seed, stream);

    /// <summary>A copy of the state; setting it continues from there, to the bit.</summary>
    /// <exception cref="ArgumentException">All words of the state are zero, as in <c>default(RandomState)</c>.</exception>
    public RandomState State
    {
        get => new(word0, word1, word2, word3);
        set
        {
            if (value == default)
            {
                throw new ArgumentException("At least one word of a random state must differ from 0; all four were 0.", nameof(value));
            }

            word0 = value.Word0;
            word1 = value.Word1;
            word2 = value.Word2;
            word3 = value.Word3;
        }
    }

    /// <summary>Starts again as <see cref="RandomSource(ulong, ulong)"/> does, without allocating.</summary>
    /// <param name="seed">Any value.</param>
    /// <param name="stream">Any value.</param>
    public void Reseed(ulong seed, ulong stream)
    {
        ulong state = SplitMix64.StateOf(seed, stream);
        ulong low = SplitMix64.Next(ref state);
        // Outputs of SplitMix64 are distinct, so these two are never both zero.
        ulong high = SplitMix64.Next(ref state);
        word0 = (uint)low;
        word1 = (uint)(low >> 32);
        word2 = (uint)high;
        word3 = (uint)(high >> 32);
    }

    /// <summary>32 random bits.</summary>
    /// <returns>From 0 to <see cref="uint.MaxValue"/>, each equally likely.</returns>
    public uint NextUInt32()
    {
        uint result = RotateLeft(word0 + word3, 7) + word0;
        uint shifted = word1 << 9;
        word2 ^= word0;
        word3 ^= word1;
        word1 ^= word2;
        word0 ^= word3;
        word2 ^= shifted;
        word3 = RotateLeft(word3, 11);
        return result;
    }

    /// <summary>64 random bits from two draws, the high half first.</summary>
    /// <returns>From 0 to <see cref="ulong.MaxValue"/>, each equally likely.</returns>
    public ulong NextUInt64()
    {
        ulong high = NextUInt32();
        return (high << 32) | NextUInt32();
    }

    /// <summary>A multiple of 2^-24, each equally likely.</summary>
    /// <returns>From 0 to just below 1.</returns>
    public float NextSingle() => (int)(NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>A whole number below a bound, without bias: Lemire, "Fast Random Integer Generation in an Interval" (2019).</summary>
    /// <param name="exclusiveUpperBound">At least 1.</param>
    /// <returns>From 0 to <paramref name="exclusiveUpperBound"/> - 1, each equally likely.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt32(int exclusiveUpperBound)
    {
        if (exclusiveUpperBound < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(exclusiveUpperBound), $"The bound of a random number must be at least 1; was {exclusiveUpperBound}.");
        }

        uint bound = (uint)exclusiveUpperBound;
        ulong product = (ulong)NextUInt32() * bound;
        if ((uint)product < bound)
        {
            uint rejected = (0u - bound) % bound;
            while ((uint)product < rejected)
            {
                product = (ulong)NextUInt32() * bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>
    /// A normal deviate of mean 0 and variance 1 by Marsaglia's polar method (1964). Of the pair that the method gives, the second
    /// is dropped: keeping it would be a state that <see cref="State"/> does not hold.
    /// </summary>
    /// <returns>A finite value, never beyond ±10.</returns>
    public float NextNormal()
    {
        double x;
        double squaredRadius;
        do
        {
            x = NextSigned();
            double y = NextSigned();
            squaredRadius = (x * x) + (y * y);
        }
        while (squaredRadius >= 1.0 || squaredRadius == 0.0);

        return (float)(x * Math.Sqrt(-2.0 * ElementaryFunctions.LogOfPositive(squaredRadius) / squaredRadius));
    }

    // A multiple of 2^-31, from -1 to just below 1.
    private double NextSigned() => unchecked((int)NextUInt32()) * (1.0 / (1u << 31));

    private static uint RotateLeft(uint value, int count) => (value << count) | (value >> (32 - count));
}
