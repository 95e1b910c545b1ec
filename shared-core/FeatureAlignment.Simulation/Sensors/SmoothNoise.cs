using System;

namespace FeatureAlignment.Simulation.Sensors;

/// <summary>
/// A smooth random function of time with mean 0 and a standard deviation of about 1: normal deviates at whole multiples of a period, with
/// cubic blending between them ("value noise"). Any time can be asked for.
/// </summary>
internal sealed class SmoothNoise
{
    // The blend of two independent deviates varies less than either; this makes up for it on average over a period.
    private const double Gain = 1.2;

    // Weather, oil and mains have bounds.
    private const double MostDeviations = 2;

    private readonly ulong seed;
    private readonly ulong stream;
    private readonly double periodSeconds;
    private readonly RandomSource random = new(0);
    private long cell = long.MinValue;
    private double left;
    private double right;

    public SmoothNoise(ulong seed, ulong stream, TimeSpan period)
    {
        this.seed = seed;
        this.stream = stream << 40;
        periodSeconds = period.TotalSeconds;
    }

    public double At(double seconds)
    {
        double place = seconds / periodSeconds;
        long newCell = (long)Math.Floor(place);
        if (newCell != cell)
        {
            cell = newCell;
            left = Knot(newCell);
            right = Knot(newCell + 1);
        }

        double passed = place - newCell;
        return Gain * (left + ((right - left) * passed * passed * (3 - (2 * passed))));
    }

    private double Knot(long index)
    {
        random.Reseed(seed, stream + (ulong)index);
        return Math.Max(-MostDeviations, Math.Min(MostDeviations, random.NextNormal()));
    }
}
