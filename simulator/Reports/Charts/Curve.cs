using System;
using System.Collections.Generic;

namespace FeatureAlignment.Simulator.Reports.Charts;

/// <summary>A named line of a chart.</summary>
/// <param name="Name">As the legend says it.</param>
/// <param name="Style">CSS class that gives colour and dashes: "layer-0" to "layer-5" or "network", and "second" for a paler line.</param>
/// <param name="Points">In the order of x. A y that is not finite is a gap.</param>
internal sealed record Curve(string Name, string Style, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>
    /// The curve with at most <paramref name="mostPoints"/> points, each the mean of neighbours. A group with a value that is not finite
    /// stays a gap, so that thinning hides no failure.
    /// </summary>
    public Curve Thinned(int mostPoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostPoints, 1);
        if (Points.Count <= mostPoints)
        {
            return this;
        }

        int groupSize = (Points.Count + mostPoints - 1) / mostPoints;
        List<CurvePoint> thinned = [];
        for (int start = 0; start < Points.Count; start += groupSize)
        {
            int end = Math.Min(start + groupSize, Points.Count);
            double x = 0;
            double y = 0;
            for (int i = start; i < end; i++)
            {
                x += Points[i].X;
                y += Points[i].Y;
            }

            thinned.Add(new CurvePoint(x / (end - start), y / (end - start)));
        }

        return this with { Points = thinned };
    }

    /// <summary>The stretches of neighbouring finite points; nothing is drawn between two of them.</summary>
    public IEnumerable<IReadOnlyList<CurvePoint>> Segments()
    {
        List<CurvePoint> segment = [];
        foreach (CurvePoint point in Points)
        {
            if (double.IsFinite(point.Y))
            {
                segment.Add(point);
            }
            else if (segment.Count > 0)
            {
                yield return segment;
                segment = [];
            }
        }

        if (segment.Count > 0)
        {
            yield return segment;
        }
    }
}

internal readonly record struct CurvePoint(double X, double Y);
