using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>
/// A part of a page that remembers what it has drawn, and draws only what has become different: a display behind SPI takes longer for a
/// whole picture than a training step does.
/// </summary>
internal abstract class Widget
{
    protected Widget(ScreenRegion region) => Region = region;

    /// <summary>What it may draw into.</summary>
    public ScreenRegion Region { get; }

    /// <summary>Draws what differs from what is there. Allocates nothing.</summary>
    /// <returns>Whether anything was drawn.</returns>
    public abstract bool Draw(IScreen screen, ScreenModel model);

    /// <summary>The region is as empty as the page's ground again.</summary>
    public abstract void Forget();
}
