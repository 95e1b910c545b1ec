using System;
using FeatureAlignment.Device.Platform;
using Meadow;
using Meadow.Peripherals.Displays;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>A display of pixels as a screen. The display holds the picture; showing it sends all of it over SPI.</summary>
internal sealed class DisplayScreen : IScreen
{
    private readonly IPixelDisplay display;

    public DisplayScreen(IPixelDisplay display) => this.display = display;

    /// <inheritdoc/>
    public int Width => display.Width;

    /// <inheritdoc/>
    public int Height => display.Height;

    /// <inheritdoc/>
    public void Fill(int x, int y, int width, int height, int color)
    {
        // The display's own buffer throws when a rectangle leaves it.
        int left = Math.Clamp(x, 0, Width), top = Math.Clamp(y, 0, Height);
        int right = Math.Clamp(x + width, 0, Width), bottom = Math.Clamp(y + height, 0, Height);
        if (right > left && bottom > top)
        {
            display.Fill(left, top, right - left, bottom - top, new Color((byte)(color >> 16), (byte)(color >> 8), (byte)color));
        }
    }

    /// <inheritdoc/>
    public void Show() => display.Show();
}
