using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>The band on top, in the state's colour, with the state's word on the left and up to two lines on the right.</summary>
internal sealed class HeaderWidget : Widget
{
    private readonly ScreenPalette palette;
    private readonly TextWidget[] texts;
    private int shownColor = -1;

    /// <param name="region">The band.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="texts">Inside the band.</param>
    public HeaderWidget(ScreenRegion region, ScreenPalette palette, params TextWidget[] texts)
        : base(region)
    {
        this.palette = palette;
        this.texts = texts;
    }

    public override bool Draw(IScreen screen, ScreenModel model)
    {
        int color = palette.State(model.State);
        bool hasDrawn = color != shownColor;
        if (hasDrawn)
        {
            Forget();
            shownColor = color;
            screen.Fill(Region.X, Region.Y, Region.Width, Region.Height, color);
        }

        foreach (TextWidget text in texts)
        {
            hasDrawn |= text.Draw(screen, model);
        }

        return hasDrawn;
    }

    public override void Forget()
    {
        shownColor = -1;
        foreach (TextWidget text in texts)
        {
            text.Forget();
        }
    }
}
