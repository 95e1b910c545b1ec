using System;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>A bar that is filled from the left, with a mark where a limit is.</summary>
internal sealed class BarWidget : Widget
{
    private readonly ScreenPalette palette;
    private readonly Func<ScreenModel, BarLevel> measure;
    private int shownFill = -1, shownMark = -1, shownColor;

    public BarWidget(ScreenRegion region, ScreenPalette palette, Func<ScreenModel, BarLevel> measure)
        : base(region)
    {
        this.palette = palette;
        this.measure = measure;
    }

    public override bool Draw(IScreen screen, ScreenModel model)
    {
        BarLevel level = measure(model);
        int fill = Pixels(level.Fill), mark = Pixels(level.Mark);
        int color = level.IsOverLimit ? palette.Warning : palette.Curve;
        if (fill == shownFill && mark == shownMark && color == shownColor)
        {
            return false;
        }

        shownFill = fill;
        shownMark = mark;
        shownColor = color;
        screen.Fill(Region.X, Region.Y, Region.Width, Region.Height, palette.Track);
        if (!palette.HasGrays)
        {
            screen.Fill(Region.X, Region.Bottom - 1, Region.Width, 1, palette.Rule);
        }

        screen.Fill(Region.X, Region.Y, fill, Region.Height, color);
        if (level.Mark > 0)
        {
            // Ground on both sides, so that the mark is seen on the bar as well as beside it.
            screen.Fill(Region.X + mark - 2, Region.Y, 4, Region.Height, palette.Ground);
            screen.Fill(Region.X + mark - 1, Region.Y, 2, Region.Height, palette.Text);
        }

        return true;
    }

    public override void Forget() => shownFill = shownMark = -1;

    private int Pixels(double share) => share > 0 ? (int)(Math.Min(share, 1) * Region.Width) : 0;
}

/// <summary>What a bar shows, as shares of its width; NaN for nothing.</summary>
internal readonly struct BarLevel
{
    public BarLevel(double fill, double mark = 0, bool isOverLimit = false)
    {
        Fill = fill;
        Mark = mark;
        IsOverLimit = isOverLimit;
    }

    public double Fill { get; }

    /// <summary>Where the limit is; 0 for none.</summary>
    public double Mark { get; }

    public bool IsOverLimit { get; }
}
