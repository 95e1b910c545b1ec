using System;
using System.Collections.Generic;
using System.Linq;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Memory over time, and whether it is flat.</summary>
/// <remarks>
/// A collector lets memory swing, so two moments tell nothing. Compared are the medians of the last third and of the third before it: a
/// leak of any constant rate lifts the later one, a swing lifts both alike, and what fills up once, as caches do, has the first third to do
/// so. Flat is growth of at most 5 %, or of 2 MB where that is more.
/// </remarks>
/// <param name="what">Whose memory it is.</param>
internal sealed class MemoryCurve(string what)
{
    private const double Share = 0.05;
    private const double Least = 2e6;
    private readonly List<double> samples = [];

    /// <summary>Bytes at last.</summary>
    public double Newest => samples[^1];

    public void Add(double bytes) => samples.Add(bytes);

    /// <summary>Adds a row that tells whether it is flat.</summary>
    public void Judge(Bars bars)
    {
        int third = samples.Count / 3;
        if (third == 0)
        {
            bars.Note(what, "too few figures");
            return;
        }

        double before = Median(samples.Skip(third).Take(third)), last = Median(samples.TakeLast(third));
        bars.Must($"{what} flat: last third against the one before", last - before <= Math.Max(Share * before, Least),
            $"{before / 1e6:F1} to {last / 1e6:F1} MB ({(last - before) / before * 100:+0.0;-0.0} %), at most {samples.Max() / 1e6:F1} MB");
    }

    private static double Median(IEnumerable<double> values) => Bars.Percentile([.. values.Order()], 0.5);
}
