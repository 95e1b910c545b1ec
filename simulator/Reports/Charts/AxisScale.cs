using System;
using System.Collections.Generic;
using System.Globalization;

namespace FeatureAlignment.Simulator.Reports.Charts;

/// <summary>
/// One axis: its range, its ticks at round numbers (Heckbert, "Nice Numbers for Graph Labels", Graphics Gems, 1990), and where a value
/// lies between its ends. Ranges without extent, without values or too narrow for the precision of a double still give a usable axis.
/// </summary>
internal sealed class AxisScale
{
    /// <summary>From this ratio of largest to smallest value on, a linear axis would flatten the small values.</summary>
    private const double LogarithmicFromRatio = 20;

    /// <summary>Below this width, relative to the values, ticks could no longer be told apart.</summary>
    private const double NarrowestRelativeRange = 1e-9;

    private static readonly int[] OneTwoFive = [1, 2, 5];

    private static readonly int[] One = [1];

    private AxisScale(double minimum, double maximum, bool isLogarithmic, IReadOnlyList<AxisTick> ticks)
    {
        Minimum = minimum;
        Maximum = maximum;
        IsLogarithmic = isLogarithmic;
        Ticks = ticks;
    }

    public double Minimum { get; }

    /// <summary>Always greater than <see cref="Minimum"/>.</summary>
    public double Maximum { get; }

    public bool IsLogarithmic { get; }

    /// <summary>In rising order, all within the range.</summary>
    public IReadOnlyList<AxisTick> Ticks { get; }

    /// <summary>The axis that shows the finite ones of <paramref name="values"/> best: logarithmic for positive ones far apart.</summary>
    public static AxisScale Covering(IEnumerable<double> values, int tickCount = 5)
    {
        double minimum = double.PositiveInfinity;
        double maximum = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (double.IsFinite(value))
            {
                minimum = Math.Min(minimum, value);
                maximum = Math.Max(maximum, value);
            }
        }

        if (minimum > maximum)
        {
            return Linear(0, 1, tickCount);
        }

        return minimum > 0 && maximum / minimum >= LogarithmicFromRatio
            ? Logarithmic(minimum, maximum)
            : Linear(minimum, maximum, tickCount);
    }

    /// <summary>Linear axis between round numbers that enclose <paramref name="minimum"/> and <paramref name="maximum"/>.</summary>
    public static AxisScale Linear(double minimum, double maximum, int tickCount = 5)
    {
        (minimum, maximum) = Widen(minimum, maximum);
        double step = RoundStep((maximum - minimum) / tickCount);
        double first = Math.Floor((minimum / step) + NarrowestRelativeRange);
        double last = Math.Ceiling((maximum / step) - NarrowestRelativeRange);
        return new AxisScale(first * step, last * step, isLogarithmic: false, LinearTicks(first, last, step));
    }

    /// <summary>Linear axis that ends exactly at <paramref name="minimum"/> and <paramref name="maximum"/>, with ticks between.</summary>
    public static AxisScale LinearExact(double minimum, double maximum, int tickCount = 5)
    {
        (minimum, maximum) = Widen(minimum, maximum);
        double step = RoundStep((maximum - minimum) / tickCount);
        double first = Math.Ceiling((minimum / step) - NarrowestRelativeRange);
        double last = Math.Floor((maximum / step) + NarrowestRelativeRange);
        return new AxisScale(minimum, maximum, isLogarithmic: false, LinearTicks(first, last, step));
    }

    /// <summary>Logarithmic axis over positive values: ticks at 1, 2 and 5 within two decades, at powers of ten beyond.</summary>
    public static AxisScale Logarithmic(double minimum, double maximum)
    {
        if (!(minimum > 0 && maximum > minimum && double.IsFinite(maximum)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(minimum), minimum, $"A logarithmic axis must rise from above 0 to a finite value; {minimum} to {maximum} given.");
        }

        const int MostDecades = 6;
        double decades = Math.Log10(maximum) - Math.Log10(minimum);
        int[] digits = decades <= 2.5 ? OneTwoFive : One;
        int stride = Math.Max(1, (int)Math.Ceiling(decades / MostDecades));
        List<AxisTick> ticks = [];
        for (int exponent = (int)Math.Floor(Math.Log10(minimum)) - stride; ; exponent += stride)
        {
            foreach (int digit in digits)
            {
                // Parsing rounds correctly, where a product with a power of ten might not.
                string text = string.Create(CultureInfo.InvariantCulture, $"{digit}e{exponent}");
                double value = double.Parse(text, CultureInfo.InvariantCulture);
                if (value <= minimum)
                {
                    ticks.Clear();
                }

                ticks.Add(new AxisTick(value, NumberText.Short(value)));
                if (value >= maximum)
                {
                    return new AxisScale(ticks[0].Value, value, isLogarithmic: true, ticks);
                }
            }
        }
    }

    /// <summary>Where a value lies: 0 at <see cref="Minimum"/>, 1 at <see cref="Maximum"/>, beyond both for values outside.</summary>
    public double Position(double value) => IsLogarithmic
        ? (Math.Log10(value) - Math.Log10(Minimum)) / (Math.Log10(Maximum) - Math.Log10(Minimum))
        : (value - Minimum) / (Maximum - Minimum);

    private static (double Minimum, double Maximum) Widen(double minimum, double maximum)
    {
        double size = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        if (maximum - minimum > size * NarrowestRelativeRange)
        {
            return (minimum, maximum);
        }

        return size == 0 ? (0, 1) : (minimum - (size / 10), maximum + (size / 10));
    }

    /// <summary>The smallest of 1, 2 and 5 times a power of ten that is not below <paramref name="roughStep"/>.</summary>
    private static double RoundStep(double roughStep)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(roughStep)));
        foreach (int digit in OneTwoFive)
        {
            if (roughStep <= digit * power * (1 + NarrowestRelativeRange))
            {
                return digit * power;
            }
        }

        return 10 * power;
    }

    private static List<AxisTick> LinearTicks(double first, double last, double step)
    {
        List<AxisTick> ticks = [];
        for (double multiple = first; multiple <= last; multiple++)
        {
            ticks.Add(new AxisTick(multiple * step, NumberText.WithStep(multiple * step, step)));
        }

        return ticks;
    }
}

/// <summary>A round number on an axis and how it is written.</summary>
internal readonly record struct AxisTick(double Value, string Label);
