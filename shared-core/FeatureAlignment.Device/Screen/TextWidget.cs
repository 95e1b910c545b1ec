using System;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>A line of text in cells of one size; only cells whose character or colours have changed are drawn.</summary>
internal sealed class TextWidget : Widget
{
    private readonly TextBuffer buffer;
    private readonly Action<TextBuffer, ScreenModel> write;
    private readonly Func<ScreenModel, TextColors> choose;
    private readonly int scale;
    private readonly bool alignRight;
    private readonly char[] shown;
    private TextColors shownColors;

    /// <param name="region">As many whole cells as fit are used; at least one.</param>
    /// <param name="scale">Pixels of a font pixel's side.</param>
    /// <param name="alignRight">Whether the text ends at the right edge, rather than starting at the left one.</param>
    /// <param name="choose">Its colours.</param>
    /// <param name="write">Writes the text into an empty buffer.</param>
    public TextWidget(
        ScreenRegion region, int scale, bool alignRight, Func<ScreenModel, TextColors> choose, Action<TextBuffer, ScreenModel> write)
        : base(region)
    {
        // The last glyph needs no gap behind it.
        shown = new char[(region.Width + scale) / (PixelFont.Advance * scale)];
        buffer = new TextBuffer(shown.Length);
        this.scale = scale;
        this.alignRight = alignRight;
        this.choose = choose;
        this.write = write;
        Forget();
    }

    public override bool Draw(IScreen screen, ScreenModel model)
    {
        write(buffer.Clear(), model);
        TextColors colors = choose(model);
        bool isRecolored = colors.Text != shownColors.Text || colors.Ground != shownColors.Ground;
        shownColors = colors;
        bool hasDrawn = false;
        int advance = PixelFont.Advance * scale, glyphWidth = PixelFont.GlyphWidth * scale;
        int left = alignRight ? Region.Right - ((shown.Length - 1) * advance) - glyphWidth : Region.X;
        int indent = alignRight ? shown.Length - buffer.Length : 0;
        for (int i = 0; i < shown.Length; i++)
        {
            int index = i - indent;
            char wanted = index >= 0 && index < buffer.Length ? buffer.Text[index] : ' ';
            if (wanted != shown[i] || (isRecolored && wanted != ' '))
            {
                DrawGlyph(screen, wanted, left + (i * advance), colors);
                shown[i] = wanted;
                hasDrawn = true;
            }
        }

        return hasDrawn;
    }

    public override void Forget() => Array.Fill(shown, ' ');

    private void DrawGlyph(IScreen screen, char character, int x, TextColors colors)
    {
        screen.Fill(x, Region.Y, PixelFont.GlyphWidth * scale, PixelFont.GlyphHeight * scale, colors.Ground);
        for (int row = 0; row < PixelFont.GlyphHeight; row++)
        {
            int bits = PixelFont.Row(character, row);
            for (int column = 0; column < PixelFont.GlyphWidth;)
            {
                int run = RunLength(bits, column);
                if (run > 0)
                {
                    screen.Fill(x + (column * scale), Region.Y + (row * scale), run * scale, scale, colors.Text);
                }

                column += run + 1;
            }
        }
    }

    // Set pixels from a column on.
    private static int RunLength(int bits, int column)
    {
        int run = 0;
        while (column + run < PixelFont.GlyphWidth && (bits >> (PixelFont.GlyphWidth - 1 - column - run) & 1) != 0)
        {
            run++;
        }

        return run;
    }
}

/// <summary>Colours of a text and of what it stands on, 0xRRGGBB.</summary>
internal readonly struct TextColors
{
    public TextColors(int text, int ground)
    {
        Text = text;
        Ground = ground;
    }

    public int Text { get; }

    public int Ground { get; }
}
