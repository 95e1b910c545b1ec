using System;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>
/// A curve from 0 to a round top. A point keeps its column until the history joins neighbours, and the top is one of 1, 2 and 5 times a
/// power of ten, so that a new value changes a column and not the picture.
/// </summary>
internal sealed class CurveWidget : Widget
{
    private const short Nothing = -1;

    private readonly ScreenPalette palette;
    private readonly Func<ScreenModel, ICurve> choose;
    private readonly Func<ScreenModel, double> limit;
    private readonly short[] upper;
    private readonly short[] lower;
    private int shownLimit = Nothing;
    private bool isBlank = true;

    /// <param name="region">At least 2 x 2.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="choose">The curve.</param>
    /// <param name="limit">A value that a dotted line shows; NaN for none.</param>
    public CurveWidget(ScreenRegion region, ScreenPalette palette, Func<ScreenModel, ICurve> choose, Func<ScreenModel, double> limit)
        : base(region)
    {
        this.palette = palette;
        this.choose = choose;
        this.limit = limit;
        upper = new short[region.Width];
        lower = new short[region.Width];
        Forget();
    }

    /// <summary>The top of the axis for a largest value: the next of 1, 2, 5, 10, …; 1 when there is nothing.</summary>
    public static double RoundTop(double largest)
    {
        if (!(largest > 0))
        {
            return 1;
        }

        double power = 1;
        for (; power < largest && power < 1e30; power *= 10)
        {
        }

        for (; power / 10 >= largest && power > 1e-30; power /= 10)
        {
        }

        return power / 5 >= largest ? power / 5 : power / 2 >= largest ? power / 2 : power;
    }

    /// <summary>The top of the axis of a curve with a limit.</summary>
    public static double Top(ICurve curve, double limit)
    {
        double largest = limit > 0 ? limit * 1.2 : 0;
        for (int i = 0; i < curve.Count; i++)
        {
            largest = Math.Max(largest, curve[i]);
        }

        return RoundTop(largest);
    }

    public override bool Draw(IScreen screen, ScreenModel model)
    {
        ICurve curve = choose(model);
        double limitValue = limit(model);
        double top = Top(curve, limitValue);
        int limitRow = limitValue > 0 ? Row(limitValue, top) : Nothing;
        bool isAllNew = isBlank || limitRow != shownLimit;
        shownLimit = limitRow;
        isBlank = false;
        bool hasDrawn = isAllNew;
        int before = Nothing;
        for (int column = 0; column < Region.Width; column++)
        {
            int point = column * curve.Capacity / Region.Width;
            int row = point < curve.Count ? Row(curve[point], top) : Nothing;

            // A column reaches to its left neighbour's row, so that the curve has no gaps where it is steep.
            var from = (short)(row == Nothing || before == Nothing ? row : row > before ? before + 1 : row);
            var to = (short)(row == Nothing || before == Nothing ? row : row < before ? before - 1 : row);
            before = row;
            if (isAllNew || from != upper[column] || to != lower[column])
            {
                upper[column] = from;
                lower[column] = to;
                DrawColumn(screen, column);
                hasDrawn = true;
            }
        }

        return hasDrawn;
    }

    public override void Forget()
    {
        isBlank = true;
        shownLimit = Nothing;
    }

    private void DrawColumn(IScreen screen, int column)
    {
        int x = Region.X + column;
        screen.Fill(x, Region.Y, 1, Region.Height, palette.Track);
        screen.Fill(x, Region.Bottom - 1, 1, 1, palette.Rule);
        if (shownLimit != Nothing && column % 4 < 2)
        {
            screen.Fill(x, Region.Y + shownLimit, 1, 1, palette.Warning);
        }

        if (upper[column] != Nothing)
        {
            // Two pixels thick where there are greys: one is hard to see on a small bright display.
            int thickness = palette.HasGrays ? 2 : 1;
            int end = Math.Min(lower[column] + thickness, Region.Height);
            screen.Fill(x, Region.Y + upper[column], 1, end - upper[column], palette.Curve);
        }
    }

    private int Row(double value, double top)
    {
        double share = Math.Max(0, Math.Min(value / top, 1));
        return (int)((1 - share) * (Region.Height - 2));
    }
}
