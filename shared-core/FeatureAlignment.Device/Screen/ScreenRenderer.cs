using System;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>
/// Draws a <see cref="ScreenModel"/> on displays of 128 x 64 pixels and more; those up to 64 pixels high in black and white. Each call
/// draws only what has changed, and allocates nothing.
/// </summary>
public sealed class ScreenRenderer
{
    private readonly IScreen screen;
    private readonly ScreenModel model;
    private readonly Widget[][] pages;
    private readonly int ground;
    private bool isNewPage = true;

    /// <summary>Lays out the pages; nothing is drawn.</summary>
    /// <param name="screen">The display.</param>
    /// <param name="model">What to show.</param>
    /// <exception cref="ArgumentException">The display is smaller than 128 x 64.</exception>
    public ScreenRenderer(IScreen screen, ScreenModel model)
    {
        ArgumentChecks.NotNull(screen, nameof(screen));
        ArgumentChecks.NotNull(model, nameof(model));
        if (screen.Width < ScreenPages.SmallestWidth || screen.Height < ScreenPages.SmallestHeight)
        {
            throw new ArgumentException(
                $"The screen must have at least {ScreenPages.SmallestWidth} x {ScreenPages.SmallestHeight} pixels; it has "
                + $"{screen.Width} x {screen.Height}. Run without it.", nameof(screen));
        }

        this.screen = screen;
        this.model = model;
        var layout = new ScreenPages(screen.Width, screen.Height, model);
        pages = layout.Create();
        ground = layout.Palette.Ground;
    }

    /// <summary>Pages that there are.</summary>
    public int PageCount => pages.Length;

    /// <summary>The page that <see cref="Draw"/> draws, 0-based: overview, then detail.</summary>
    public int PageIndex { get; private set; }

    /// <summary>Turns to the next page; after the last comes the first. It shows at the next <see cref="Draw"/>.</summary>
    public void NextPage()
    {
        PageIndex = (PageIndex + 1) % pages.Length;
        isNewPage = true;
    }

    /// <summary>Draws what has changed and shows it; does not touch the display when nothing has.</summary>
    /// <returns>Whether anything was drawn.</returns>
    public bool Draw()
    {
        Widget[] page = pages[PageIndex];
        bool hasDrawn = isNewPage;
        if (isNewPage)
        {
            isNewPage = false;
            screen.Fill(0, 0, screen.Width, screen.Height, ground);
            foreach (Widget widget in page)
            {
                widget.Forget();
            }
        }

        foreach (Widget widget in page)
        {
            hasDrawn |= widget.Draw(screen, model);
        }

        if (hasDrawn)
        {
            screen.Show();
        }

        return hasDrawn;
    }
}
