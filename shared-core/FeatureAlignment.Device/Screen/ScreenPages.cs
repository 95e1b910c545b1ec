using System;
using System.Collections.Generic;
using FeatureAlignment.Device.Settings;

namespace FeatureAlignment.Device.Screen;

/// <summary>
/// Places the parts of the two pages: on displays of 240 x 240 and more, and on small ones of 128 x 64 and more. Distances are in pixels
/// and multiples of the font's cell where they can be.
/// </summary>
internal sealed class ScreenPages
{
    /// <summary>Smallest display that is served.</summary>
    public const int SmallestWidth = 128, SmallestHeight = 64;

    private const int LargeSide = 240;
    private const int TextHeight = PixelFont.GlyphHeight;
    private const int LayerRows = 5;

    private readonly int width;
    private readonly int height;
    private readonly ScreenModel model;
    private readonly ScreenPalette palette;
    private readonly Func<ScreenModel, TextColors> plain;
    private readonly Func<ScreenModel, TextColors> quiet;
    private readonly Func<ScreenModel, TextColors> onBand;
    private readonly Func<ScreenModel, TextColors> main;

    public ScreenPages(int width, int height, ScreenModel model)
    {
        this.width = width;
        this.height = height;
        this.model = model;
        IsLarge = width >= LargeSide && height >= LargeSide;
        palette = height <= SmallestHeight ? ScreenPalette.Monochrome : ScreenPalette.Color;
        var text = new TextColors(palette.Text, palette.Ground);
        var label = new TextColors(palette.Label, palette.Ground);
        var warning = new TextColors(palette.Warning, palette.Ground);
        plain = _ => text;
        quiet = _ => label;
        onBand = m => new TextColors(palette.Ground, palette.State(m.State));
        main = m => m.Goal == LearningGoal.Anomaly && m.Score > 1 ? warning : text;
    }

    public bool IsLarge { get; }

    public ScreenPalette Palette => palette;

    private bool WatchesForAnomalies => model.Goal == LearningGoal.Anomaly;

    /// <summary>The pages in their order: overview, detail.</summary>
    public Widget[][] Create() =>
        IsLarge ? new[] { LargeOverview(), LargeDetail() } : new[] { SmallOverview(), SmallDetail() };

    private Widget[] LargeOverview()
    {
        var columns = new LargeColumns(width);
        int left = columns.Left, leftWidth = columns.LeftWidth, side = columns.PictureSide;
        int right = columns.Right, rightWidth = columns.RightWidth;
        var page = new List<Widget> { LargeHeader(columns.Margin) };

        page.Add(Text(left, 36, leftWidth, 1, quiet, ScreenTexts.MainName));
        page.Add(Text(left, 50, leftWidth, 3, main, ScreenTexts.MainFigure));
        page.Add(Text(left, 80, leftWidth, 1, main, ScreenTexts.MainMeaning));
        page.Add(new BarWidget(new ScreenRegion(left, 93, leftWidth, 5), palette, MainLevel));

        page.Add(Text(right, 36, 5 * PixelFont.Advance, 1, quiet, (text, _) => text.Add("Loss")));
        page.Add(Value(right, 36, rightWidth, labelLength: 5, plain, (text, m) => text.AddShort(m.Loss)));
        page.Add(new CurveWidget(new ScreenRegion(right, 50, rightWidth, 48), palette, m => m.LossCurve, _ => double.NaN));

        page.Add(Text(left, 112, side, 1, quiet, (text, _) => text.Add("Input")));
        page.Add(new PictureWidget(new ScreenRegion(left, 124, side, side), palette, m => m.Input));
        page.Add(Text(left + side + 8, 112, side, 1, quiet, (text, _) => text.Add(side > 80 ? "Reconstructed" : "Rebuilt")));
        page.Add(new PictureWidget(new ScreenRegion(left + side + 8, 124, side, side), palette, m => m.Reconstruction));

        AddRow(page, right, 112, rightWidth, "Uplink", ScreenTexts.Uplink);
        AddRow(page, right, 129, rightWidth, "Waiting", (text, m) => text.AddBytes(m.SpoolBytes));
        AddRow(page, right, 146, rightWidth, "Memory", ScreenTexts.Memory);
        page.Add(new BarWidget(new ScreenRegion(right, 157, rightWidth, 4), palette, MemoryLevel));
        AddRow(page, right, 169, rightWidth, "Samples/s", (text, m) => text.AddShort(m.SamplesPerSecond));
        AddRow(page, right, 186, rightWidth, "Uptime", (text, m) => text.AddDuration(m.Uptime));
        AddFooter(page, columns.Margin, "1/2");
        return page.ToArray();
    }

    private Widget[] LargeDetail()
    {
        var columns = new LargeColumns(width);
        int left = columns.Left, right = columns.Right, rightWidth = columns.RightWidth;
        int innerWidth = width - (2 * columns.Margin);
        var page = new List<Widget> { LargeHeader(columns.Margin) };
        string curveName = WatchesForAnomalies ? "Scores, limit 1" : "Loss since the start";
        page.Add(Text(left, 36, columns.LeftWidth, 1, quiet, (text, _) => text.Add(curveName)));
        page.Add(RightText(right, 36, rightWidth, quiet, WatchesForAnomalies ? ScreenTexts.ScoreTop : ScreenTexts.LossTop));
        page.Add(MainCurve(new ScreenRegion(left, 50, innerWidth, 56)));

        page.Add(Text(left, 118, columns.LeftWidth, 1, quiet, (text, _) => text.Add("Layer, outputs")));
        for (int i = 0; i < LayerRows; i++)
        {
            int rowIndex = i;
            page.Add(Text(
                left, 134 + (15 * i), columns.LeftWidth, 1, plain, (text, m) => ScreenTexts.LayerRow(text, m, rowIndex, LayerRows)));
        }

        AddRow(page, right, 118, rightWidth, "Samples", (text, m) => text.Add(m.SampleCount));
        AddRow(page, right, 134, rightWidth, "Loss", (text, m) => text.AddShort(m.Loss));
        if (WatchesForAnomalies)
        {
            AddRow(page, right, 149, rightWidth, "Limit", (text, m) => text.AddShort(m.Threshold));
            AddRow(page, right, 164, rightWidth, "z-score", (text, m) => text.AddShort(m.ZScore));
            AddRow(page, right, 179, rightWidth, "Anomalies", (text, m) => text.Add(m.AnomalyCount));
            page.Add(Text(right, 194, rightWidth, 1, main, (text, m) => text.Add(m.Explanation)));
        }
        else
        {
            AddRow(page, right, 149, rightWidth, "Error", (text, m) => text.AddShort(m.ReconstructionError));
        }

        AddFooter(page, columns.Margin, "2/2");
        return page.ToArray();
    }

    private Widget[] SmallOverview()
    {
        int rightWidth = width - 76;
        return new Widget[]
        {
            SmallHeader(),
            Text(0, 13, 72, 2, main, ScreenTexts.MainFigure),
            Text(0, 30, 72, 1, main, ScreenTexts.MainMeaning),
            MainCurve(new ScreenRegion(76, 13, rightWidth, 24)),
            Text(0, 40, 72, 1, plain, ScreenTexts.UplinkAndSpool),
            RightText(76, 40, rightWidth, plain, (text, m) => text.AddShort(m.SamplesPerSecond).Add("/s")),
            Text(0, 48, 72, 1, plain, ScreenTexts.Memory),
            RightText(76, 48, rightWidth, plain, (text, m) => text.AddDuration(m.Uptime)),
            Text(0, height - TextHeight, width, 1, plain, (text, m) => text.Add(m.Message)),
        };
    }

    private Widget[] SmallDetail()
    {
        const int Picture = 28;
        int rightWidth = width - 62;
        return new Widget[]
        {
            SmallHeader(),
            new PictureWidget(new ScreenRegion(0, 13, Picture, Picture), palette, m => m.Input),
            new PictureWidget(new ScreenRegion(31, 13, Picture, Picture), palette, m => m.Reconstruction),
            Text(0, 44, Picture, 1, quiet, (text, _) => text.Add("in")),
            Text(31, 44, Picture, 1, quiet, (text, _) => text.Add("out")),
            RightText(62, 13, rightWidth, plain, (text, m) => text.Add("loss ").AddShort(m.Loss)),
            RightText(62, 23, rightWidth, plain, (text, m) => AddSmallFigure(text, m)),
            RightText(62, 33, rightWidth, plain, (text, m) => text.Add("n ").Add(m.SampleCount)),
            RightText(62, 44, rightWidth, plain, ScreenTexts.Uplink),
            Text(0, height - TextHeight, width, 1, plain, ScreenTexts.ExplanationOrMessage),
        };
    }

    private static void AddSmallFigure(TextBuffer text, ScreenModel model)
    {
        if (model.Goal == LearningGoal.Anomaly)
        {
            text.Add("z ").AddShort(model.ZScore);
        }
        else
        {
            text.Add("err ").AddShort(model.ReconstructionError);
        }
    }

    private HeaderWidget LargeHeader(int margin)
    {
        const int WordWidth = 8 * 2 * PixelFont.Advance;
        int rest = margin + WordWidth + 8, restWidth = width - margin - rest;
        return new HeaderWidget(
            new ScreenRegion(0, 0, width, 26), palette,
            Text(margin, 6, WordWidth, 2, onBand, ScreenTexts.State),
            RightText(rest, 4, restWidth, onBand, ScreenTexts.Goal),
            RightText(rest, 15, restWidth, onBand, ScreenTexts.Layer));
    }

    private HeaderWidget SmallHeader() => new(
        new ScreenRegion(0, 0, width, 10), palette,
        Text(2, 1, 50, 1, onBand, ScreenTexts.State),
        RightText(54, 1, width - 56, onBand, ScreenTexts.Layer));

    private void AddFooter(List<Widget> page, int margin, string pageNumber)
    {
        int numberWidth = pageNumber.Length * PixelFont.Advance, y = height - 16;
        page.Add(new RuleWidget(new ScreenRegion(margin, y - 8, width - (2 * margin), 1), palette.Rule));
        page.Add(Text(margin, y, width - (2 * margin) - numberWidth - PixelFont.Advance, 1, plain, (text, m) => text.Add(m.Message)));
        page.Add(RightText(width - margin - numberWidth, y, numberWidth, quiet, (text, _) => text.Add(pageNumber)));
    }

    private void AddRow(List<Widget> page, int x, int y, int rowWidth, string name, Action<TextBuffer, ScreenModel> write)
    {
        page.Add(Text(x, y, name.Length * PixelFont.Advance, 1, quiet, (text, _) => text.Add(name)));
        page.Add(Value(x, y, rowWidth, name.Length, plain, write));
    }

    private CurveWidget MainCurve(ScreenRegion region) => WatchesForAnomalies
        ? new CurveWidget(region, palette, m => m.ScoreCurve, _ => 1)
        : new CurveWidget(region, palette, m => m.LossCurve, _ => double.NaN);

    private static TextWidget Text(
        int x, int y, int width, int scale, Func<ScreenModel, TextColors> choose, Action<TextBuffer, ScreenModel> write) =>
        new(new ScreenRegion(x, y, width, TextHeight * scale), scale, alignRight: false, choose, write);

    private static TextWidget RightText(
        int x, int y, int width, Func<ScreenModel, TextColors> choose, Action<TextBuffer, ScreenModel> write) =>
        new(new ScreenRegion(x, y, width, TextHeight), 1, alignRight: true, choose, write);

    // What a label leaves of a row.
    private static TextWidget Value(
        int x, int y, int rowWidth, int labelLength, Func<ScreenModel, TextColors> choose, Action<TextBuffer, ScreenModel> write)
    {
        int taken = (labelLength * PixelFont.Advance) + 2;
        return RightText(x + taken, y, rowWidth - taken, choose, write);
    }

    // A score's limit stands in the middle; an error has no natural end, so its bar stays empty.
    private static BarLevel MainLevel(ScreenModel model) => model.Goal switch
    {
        LearningGoal.Anomaly => new BarLevel(model.Score / 2, 0.5, model.Score > 1),
        LearningGoal.Classification => new BarLevel(model.Accuracy),
        _ => new BarLevel(double.NaN),
    };

    private static BarLevel MemoryLevel(ScreenModel model) => model.MemoryBudgetBytes > 0
        ? new BarLevel((double)model.MemoryUsedBytes / model.MemoryBudgetBytes, 0, model.MemoryUsedBytes > model.MemoryBudgetBytes)
        : new BarLevel(double.NaN);

    /// <summary>Two columns; the left one holds two pictures of 28 x 28 cells beside each other, as large as the width allows.</summary>
    private readonly struct LargeColumns
    {
        private const int Gap = 8, ImageSide = 28;

        public LargeColumns(int width)
        {
            bool isWide = width >= 300;
            Margin = isWide ? 8 : 6;
            PictureSide = ImageSide * (isWide ? 3 : 2);
            LeftWidth = (2 * PictureSide) + Gap;
            Right = Margin + LeftWidth + Gap;
            RightWidth = width - Margin - Right;
        }

        public int Margin { get; }

        public int Left => Margin;

        public int LeftWidth { get; }

        public int PictureSide { get; }

        public int Right { get; }

        public int RightWidth { get; }
    }
}
