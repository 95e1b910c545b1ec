using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>A line between parts of a page.</summary>
internal sealed class RuleWidget : Widget
{
    private readonly int color;
    private bool isDrawn;

    public RuleWidget(ScreenRegion region, int color)
        : base(region) => this.color = color;

    public override bool Draw(IScreen screen, ScreenModel model)
    {
        if (isDrawn)
        {
            return false;
        }

        screen.Fill(Region.X, Region.Y, Region.Width, Region.Height, color);
        isDrawn = true;
        return true;
    }

    public override void Forget() => isDrawn = false;
}
