using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>
/// The colours of a screen, 0xRRGGBB. A state's colour always stands behind its word, so nothing is told by colour alone; text on its
/// ground has a contrast of at least 7 to 1, labels 4.5 to 1 (WCAG 2.2, AAA and AA).
/// </summary>
internal sealed class ScreenPalette
{
    private readonly int[] states;

    private ScreenPalette(bool hasGrays, int ground, int text, int label, int rule, int track, int curve, int warning, int[] states)
    {
        HasGrays = hasGrays;
        Ground = ground;
        Text = text;
        Label = label;
        Rule = rule;
        Track = track;
        Curve = curve;
        Warning = warning;
        this.states = states;
    }

    /// <summary>For displays with colours.</summary>
    public static ScreenPalette Color { get; } = new(
        hasGrays: true, ground: 0x10161D, text: 0xF1F4F8, label: 0x94A3B5, rule: 0x2B3643, track: 0x232D38,
        curve: 0x6CB6FF, warning: 0xFFC14D,
        new[] { 0xB8C4D2, 0x6CB6FF, 0x4FD39A, 0xFF8A7A, 0xFFC14D, 0xE7A2F2 });

    /// <summary>For displays whose pixels are on or off.</summary>
    public static ScreenPalette Monochrome { get; } = new(
        hasGrays: false, ground: 0x000000, text: 0xFFFFFF, label: 0xFFFFFF, rule: 0xFFFFFF, track: 0x000000,
        curve: 0xFFFFFF, warning: 0xFFFFFF,
        new[] { 0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF });

    /// <summary>False when a pixel is black or white and nothing between.</summary>
    public bool HasGrays { get; }

    /// <summary>What everything stands on.</summary>
    public int Ground { get; }

    /// <summary>Figures and messages.</summary>
    public int Text { get; }

    /// <summary>Names of figures.</summary>
    public int Label { get; }

    /// <summary>Lines between parts.</summary>
    public int Rule { get; }

    /// <summary>The empty part of a bar, and the ground of a curve.</summary>
    public int Track { get; }

    /// <summary>Curves and bars.</summary>
    public int Curve { get; }

    /// <summary>Thresholds, and what is above them.</summary>
    public int Warning { get; }

    /// <summary>The colour of a state's band, with the ground's colour as text on it.</summary>
    public int State(IndicatorState state) => states[(int)state];
}
