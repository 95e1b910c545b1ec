using System;

namespace FeatureAlignment.Datasets;

/// <summary>
/// A seeded pseudo-random order of 0 to count - 1 that is computed place by place instead of kept: a Feistel network permutes the next
/// even power of two, and values of <see cref="Count"/> or more are sent through again (Black and Rogaway, "Ciphers with Arbitrary Finite
/// Domains", 2002, "cycle walking"). Less than four passes on average. Allocates nothing.
/// </summary>
public readonly struct SampleOrder
{
    // Four rounds suffice for ideal round functions (Luby and Rackoff 1988); two more make up for plain ones and for tiny halves.
    private const int Rounds = 6;

    private readonly uint evenKey;
    private readonly uint oddKey;
    private readonly int halfBits;

    /// <summary>The order of one epoch.</summary>
    /// <param name="seed">Any value.</param>
    /// <param name="epochIndex">0-based; every epoch has its own order.</param>
    /// <param name="count">Number of samples, from 1 to <see cref="int.MaxValue"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is negative or the count below 1.</exception>
    public SampleOrder(ulong seed, int epochIndex, int count)
    {
        if (epochIndex < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(epochIndex), $"The epoch index must be at least 0; was {epochIndex}.");
        }

        if (count < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"An order needs at least 1 sample; was given {count}.");
        }

        ulong state = SplitMix64.StateOf(seed, (ulong)epochIndex);
        ulong key = SplitMix64.Next(ref state);
        evenKey = (uint)key;
        oddKey = (uint)(key >> 32);
        halfBits = 1;
        while (1L << (2 * halfBits) < count)
        {
            halfBits++;
        }

        Count = count;
    }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>The sample to visit at a position.</summary>
    /// <param name="position">0-based, below <see cref="Count"/>.</param>
    /// <returns>From 0 to <see cref="Count"/> - 1, each for exactly one position.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The position is outside the order.</exception>
    public int this[int position]
    {
        get
        {
            if ((uint)position >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(position), $"A position must be from 0 to {Count - 1}; was {position}.");
            }

            uint value = (uint)position;
            do
            {
                value = Permute(value);
            }
            while (value >= (uint)Count);

            return (int)value;
        }
    }

    private uint Permute(uint value)
    {
        uint mask = (1u << halfBits) - 1;
        uint left = value >> halfBits;
        uint right = value & mask;
        for (int round = 0; round < Rounds; round++)
        {
            // The key moves on by the golden ratio each round, as in Philox (Salmon et al. 2011).
            uint key = ((round & 1) == 0 ? evenKey : oddKey) + ((uint)round * 0x9E3779B9);
            uint mixed = left ^ (Scramble(right ^ key) & mask);
            left = right;
            right = mixed;
        }

        return (left << halfBits) | right;
    }

    // The finalizer of MurmurHash3 (Appleby, public domain).
    private static uint Scramble(uint value)
    {
        value = (value ^ (value >> 16)) * 0x85EBCA6B;
        value = (value ^ (value >> 13)) * 0xC2B2AE35;
        return value ^ (value >> 16);
    }
}
