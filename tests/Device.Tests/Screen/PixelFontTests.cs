using System.Linq;
using FeatureAlignment.Device.Screen;
using FeatureAlignment.Simulation.Screen;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Screen;

public sealed class PixelFontTests
{
    [Test]
    public void Row_LetterA_HasThesePixels() =>
        Assert.That(
            Enumerable.Range(0, PixelFont.GlyphHeight).Select(row => PixelFont.Row('A', row)),
            Is.EqualTo(new[] { 0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001, 0 }));

    [Test]
    public void Font_HasAsciiAndWhatUnitsNeed()
    {
        string wanted = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c != '`')) + "°µμ²−–…·";

        Assert.That(wanted.Where(c => !PixelFont.Has(c)), Is.Empty);
    }

    [Test]
    public void Glyphs_AreToldApart()
    {
        const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;!?'\"-+=/\\()[]<>_*#%&@$°²…·";

        Assert.That(Characters.Select(Picture), Is.Unique);
    }

    [TestCase('\u4e2d')]
    [TestCase('\uffff')]
    public void Row_CharacterThatTheFontDoesNotHave_IsABox(char character) =>
        Assert.That(
            Picture(character), Is.EqualTo(string.Concat(new[] { 31, 17, 17, 17, 17, 17, 31, 0 }.Select(row => row.ToString("x2")))));

    [TestCase(1, false, 10)]
    [TestCase(2, false, 10)]
    [TestCase(2, true, 10 + 30 - 10)]
    public void Text_OneLetter_HasTheFontsPixels(int scale, bool alignRight, int left)
    {
        const int Ink = 0xFFFFFF, Paper = 0x000040;
        PictureScreen screen = new(60, 40);
        TextWidget text = new(
            new ScreenRegion(10, 5, 30, 8 * scale), scale, alignRight, _ => new TextColors(Ink, Paper), (buffer, _) => buffer.Add('g'));

        text.Draw(screen, ScreenStates.Starting());
        screen.Show();

        for (int y = 0; y < PixelFont.GlyphHeight * scale; y++)
        {
            for (int x = 0; x < PixelFont.GlyphWidth * scale; x++)
            {
                bool isSet = (PixelFont.Row('g', y / scale) >> (4 - (x / scale)) & 1) != 0;
                Assert.That(screen[left + x, 5 + y], Is.EqualTo(isSet ? Ink : Paper), $"{x},{y}");
            }
        }
    }

    private static string Picture(char character) =>
        string.Concat(Enumerable.Range(0, PixelFont.GlyphHeight).Select(row => PixelFont.Row(character, row).ToString("x2")));
}
