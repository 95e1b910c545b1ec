using System;
using System.Diagnostics.CodeAnalysis;

namespace FeatureAlignment.Telemetry;

/// <summary>Checks at the public door.</summary>
internal static class ArgumentChecks
{
    // 9999-12-31T23:59:59.999Z, the last time that the text form of Meadow.Cloud can carry.
    public const long LastTimeMilliseconds = 253_402_300_799_999;

    public static void NotNull([NotNull] object? value, string name)
    {
        if (value is null)
        {
            throw new ArgumentNullException(name);
        }
    }

    public static long AtLeast(long value, long smallest, string name) => value >= smallest
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} must be at least {smallest}; was {value}.");

    public static int AtLeast(int value, int smallest, string name) => (int)AtLeast((long)value, smallest, name);

    public static long Time(long timeMilliseconds, string name) => timeMilliseconds is >= 0 and <= LastTimeMilliseconds
        ? timeMilliseconds
        : throw new ArgumentOutOfRangeException(
            name, $"{name} must be Unix milliseconds from 0 (clock not set) to {LastTimeMilliseconds}; was {timeMilliseconds}.");

    public static double Finite(double value, string name) => !double.IsNaN(value) && !double.IsInfinity(value)
        ? value
        : throw new ArgumentOutOfRangeException(
            name,
            $"{name} must be finite; was {(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity")}. "
            + $"Send the event {EventKinds.NonFiniteLoss} instead.");
}
