using System;
using System.Diagnostics.CodeAnalysis;

namespace FeatureAlignment;

/// <summary>Checks at the public door; what lies behind it trusts its arguments.</summary>
internal static class ArgumentChecks
{
    public static void NotNull([NotNull] object? value, string name)
    {
        if (value is null)
        {
            throw new ArgumentNullException(name);
        }
    }

    public static void InRange(int value, int smallest, int largest, string what)
    {
        if (value < smallest || value > largest)
        {
            throw new ArgumentOutOfRangeException(what, $"{what} must be from {smallest} to {largest}; was {value}.");
        }
    }

    public static void PositiveAndFinite(float value, string what)
    {
        if (!(value > 0) || float.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(what, $"{what} must be greater than 0 and finite; was {value}.");
        }
    }

    public static void NotNegativeAndFinite(float value, string what)
    {
        if (!(value >= 0) || float.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(what, $"{what} must be 0 or greater and finite; was {value}.");
        }
    }

    public static void SameLength(int length, int expected, string name)
    {
        if (length != expected)
        {
            throw new ArgumentException($"{name} must hold {expected} values; held {length}.", name);
        }
    }
}
