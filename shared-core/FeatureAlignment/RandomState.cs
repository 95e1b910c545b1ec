using System;

namespace FeatureAlignment;

/// <summary>The whole state of a <see cref="RandomSource"/>: a checkpoint keeps it, so that a resumed run draws the same numbers.</summary>
public readonly struct RandomState : IEquatable<RandomState>
{
    /// <summary>A state of four words.</summary>
    /// <param name="word0">First word.</param>
    /// <param name="word1">Second word.</param>
    /// <param name="word2">Third word.</param>
    /// <param name="word3">Fourth word.</param>
    /// <exception cref="ArgumentException">All four are zero: the generator would stay there for ever.</exception>
    public RandomState(uint word0, uint word1, uint word2, uint word3)
    {
        if ((word0 | word1 | word2 | word3) == 0)
        {
            throw new ArgumentException("At least one word of a random state must differ from 0; all four were 0.");
        }

        Word0 = word0;
        Word1 = word1;
        Word2 = word2;
        Word3 = word3;
    }

    /// <summary>First word.</summary>
    public uint Word0 { get; }

    /// <summary>Second word.</summary>
    public uint Word1 { get; }

    /// <summary>Third word.</summary>
    public uint Word2 { get; }

    /// <summary>Fourth word.</summary>
    public uint Word3 { get; }

    /// <summary>Whether two states hold the same words.</summary>
    public static bool operator ==(RandomState left, RandomState right) => left.Equals(right);

    /// <summary>Whether two states differ in any word.</summary>
    public static bool operator !=(RandomState left, RandomState right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(RandomState other) =>
        Word0 == other.Word0 && Word1 == other.Word1 && Word2 == other.Word2 && Word3 == other.Word3;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RandomState other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)(Word0 ^ Word1 ^ Word2 ^ Word3);
}
