using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using FeatureAlignment.Dashboard.Storage.Series;

namespace FeatureAlignment.Dashboard.Layout;

/// <summary>What a small curve shows.</summary>
public sealed record SparklineData(IReadOnlyList<ChartBucket> Buckets)
{
    /// <summary>The curve as an SVG path: it starts anew after a gap. Empty when there is not enough to draw.</summary>
    public string ToPath(int width, int height, int margin)
    {
        if (Buckets.Count < 2)
        {
            return "";
        }

        double left = Buckets[0].X, across = Math.Max(Buckets[^1].X - left, 1);
        double low = Buckets.Min(bucket => bucket.Last), range = Buckets.Max(bucket => bucket.Last) - low;
        var path = new StringBuilder();
        foreach ((int index, ChartBucket bucket) in Buckets.Index())
        {
            double x = (bucket.X - left) / across * width;
            double y = range > 0 ? height - margin - (bucket.Last - low) / range * (height - 2 * margin) : height / 2.0;
            path.Append(CultureInfo.InvariantCulture, $"{(index == 0 || bucket.AfterGap ? 'M' : 'L')}{x:0.#} {y:0.#}");
            bool isAlone = (index == 0 || bucket.AfterGap) && (index == Buckets.Count - 1 || Buckets[index + 1].AfterGap);
            // A line of no length with round ends is a dot.
            path.Append(isAlone ? "h0" : "");
        }

        return path.ToString();
    }
}
