using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Runs;

/// <summary>How often a class was taken for which: rows are true classes, columns are answers.</summary>
public sealed record ConfusionMatrix(int Classes, IReadOnlyList<double> Cells)
{
    /// <summary>Shades a cell can have, from 0.</summary>
    public const int Shades = 10;

    /// <summary>The matrix of an evaluation; null when it brings none, or not a square one.</summary>
    public static ConfusionMatrix? Of(EventRecord? evaluation)
    {
        if (evaluation is null || !evaluation.Content.Data.TryGet("confusion", out TelemetryValue? value)
            || value.Kind != TelemetryValueKind.Numbers)
        {
            return null;
        }

        int classes = (int)Math.Round(Math.Sqrt(value.Numbers.Count));
        return classes > 0 && classes * classes == value.Numbers.Count ? new ConfusionMatrix(classes, value.Numbers) : null;
    }

    public double this[int truth, int answer] => Cells[truth * Classes + answer];

    /// <summary>Shade of a cell by its share of the row, so that rare classes show too.</summary>
    public int ShadeOf(int truth, int answer)
    {
        double row = Enumerable.Range(0, Classes).Sum(column => this[truth, column]);
        return row > 0 ? (int)Math.Clamp(Math.Ceiling(this[truth, answer] / row * (Shades - 1)), 0, Shades - 1) : 0;
    }
}
