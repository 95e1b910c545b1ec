using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports;

/// <summary>Contrast by WCAG 2.2: relative luminance of sRGB colours, ratio (lighter + 0.05) / (darker + 0.05).</summary>
public sealed class StyleSheetTests
{
    private const double LeastForText = 4.5;
    private const double LeastForLines = 3.0;

    private static readonly string Css = Read();

    [Test]
    public void Text_IsReadable(
        [Values] bool dark,
        [Values("--ink", "--quiet", "--orange", "--blue")] string colour,
        [Values("--paper", "--panel")] string ground) =>
        Assert.That(Contrast(Colour(dark, colour), Colour(dark, ground)), Is.GreaterThanOrEqualTo(LeastForText));

    [Test]
    public void Curve_IsVisible([Values] bool dark, [Range(0, 5)] int layer) =>
        Assert.That(Contrast(Colour(dark, $"--layer-{layer}"), Colour(dark, "--paper")), Is.GreaterThanOrEqualTo(LeastForLines));

    [Test]
    public void HeatCell_AtFullShade_IsReadable([Values] bool dark, [Values("right", "wrong")] string kind)
    {
        double[] shade = Numbers(Variable(dark, "--" + kind));
        double opacity = double.Parse(
            Regex.Match(Css, $@"--{kind}\) / calc\(var\(--shade\) \* ([0-9.]+)\)").Groups[1].Value, CultureInfo.InvariantCulture);
        double[] paper = Colour(dark, "--paper");
        double[] ground = shade.Select((channel, index) => (opacity * channel) + ((1 - opacity) * paper[index])).ToArray();

        Assert.That(Contrast(Colour(dark, "--ink"), ground), Is.GreaterThanOrEqualTo(LeastForText));
    }

    private static double Contrast(double[] first, double[] second)
    {
        double lighter = Math.Max(Luminance(first), Luminance(second));
        double darker = Math.Min(Luminance(first), Luminance(second));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double Luminance(double[] rgb)
    {
        double[] linear = rgb
            .Select(channel => channel / 255)
            .Select(channel => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4))
            .ToArray();
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static double[] Colour(bool dark, string name)
    {
        string hex = Variable(dark, name);
        return [Convert.ToInt32(hex[1..3], 16), Convert.ToInt32(hex[3..5], 16), Convert.ToInt32(hex[5..7], 16)];
    }

    private static double[] Numbers(string text) =>
        text.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();

    /// <summary>The light theme comes first in the style sheet, the dark one second.</summary>
    private static string Variable(bool dark, string name)
    {
        List<string> values = Regex.Matches(Css, $@"^\s*{name}: ([^;]+);", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .ToList();
        Assert.That(values, Has.Count.EqualTo(2), $"{name} must be set for both themes");
        return values[dark ? 1 : 0];
    }

    private static string Read()
    {
        using StreamReader reader = new(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    }
}
