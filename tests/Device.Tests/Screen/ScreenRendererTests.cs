using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Screen;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Simulation.Screen;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Screen;

public sealed class ScreenRendererTests
{
    private static readonly (int Width, int Height)[] Sizes = [(320, 240), (240, 240), (128, 64)];

    private static readonly Func<ScreenModel>[] Models = [ScreenStates.LearningDigits, ScreenStates.Alarm, ScreenStates.Starting];

    private static IEnumerable<TestCaseData> AllScreens() =>
        from size in Sizes
        from model in Models
        select new TestCaseData(size.Width, size.Height, model).SetArgDisplayNames($"{size.Width} x {size.Height}", model.Method.Name);

    [TestCaseSource(nameof(AllScreens))]
    public void Layout_PartsLieInsideAndApart(int width, int height, Func<ScreenModel> create)
    {
        ScreenRegion all = new(0, 0, width, height);

        foreach (Widget[] page in new ScreenPages(width, height, create()).Create())
        {
            for (int i = 0; i < page.Length; i++)
            {
                Assert.That(all.Contains(page[i].Region), Is.True, $"{page[i].Region} leaves the screen");
                for (int j = 0; j < i; j++)
                {
                    Assert.That(page[i].Region.Overlaps(page[j].Region), Is.False, $"{page[i].Region} and {page[j].Region}");
                }
            }
        }
    }

    [TestCaseSource(nameof(AllScreens))]
    public void Draw_StaysInsideRegions(int width, int height, Func<ScreenModel> create)
    {
        ScreenModel model = create();
        ScreenPages pages = new(width, height, model);
        foreach (Widget widget in pages.Create().SelectMany(page => page))
        {
            FillRecorder screen = new(width, height);
            widget.Draw(screen, model);

            Assert.That(screen.Filled.Where(fill => !widget.Region.Contains(fill)), Is.Empty, widget.GetType().Name + " " + widget.Region);
        }
    }

    [TestCaseSource(nameof(AllScreens))]
    public void Draw_Twice_SecondTouchesNothing(int width, int height, Func<ScreenModel> create)
    {
        PictureScreen screen = new(width, height);
        ScreenRenderer renderer = new(screen, create());
        bool first = renderer.Draw();
        long drawn = screen.DrawnPixels;

        bool second = renderer.Draw();

        Assert.That((first, second, screen.DrawnPixels - drawn, screen.ShowCount), Is.EqualTo((true, false, 0L, 1L)));
    }

    [TestCaseSource(nameof(AllScreens))]
    public void Draw_AfterChanges_EqualsDrawingAfresh(int width, int height, Func<ScreenModel> create)
    {
        ScreenModel model = create();
        PictureScreen screen = new(width, height);
        ScreenRenderer renderer = new(screen, model);
        for (int i = 0; i < 2; i++)
        {
            renderer.Draw();
            Change(model, i);
            renderer.Draw();
            renderer.NextPage();
        }

        for (int i = 0; i < 2; i++)
        {
            renderer.Draw();
            PictureScreen fresh = new(width, height);
            ScreenRenderer freshRenderer = new(fresh, model);
            for (int turn = 0; turn < renderer.PageIndex; turn++)
            {
                freshRenderer.NextPage();
            }

            freshRenderer.Draw();
            Assert.That(Pixels(screen), Is.EqualTo(Pixels(fresh)), $"page {renderer.PageIndex}");
            Change(model, 2 + i);
            renderer.Draw();
            renderer.NextPage();
        }
    }

    [Test]
    public void Draw_UptimeChangesByASecond_DrawsOneGlyph()
    {
        ScreenModel model = ScreenStates.LearningDigits();
        model.Uptime = TimeSpan.FromSeconds(41);
        FillRecorder screen = new(320, 240);
        ScreenRenderer renderer = new(screen, model);
        renderer.Draw();
        screen.Filled.Clear();
        model.Uptime = TimeSpan.FromSeconds(42);

        renderer.Draw();

        Assert.Multiple(() =>
        {
            Assert.That(screen.Filled, Is.Not.Empty);
            Assert.That(screen.Filled.Max(fill => fill.Right) - screen.Filled.Min(fill => fill.X), Is.EqualTo(PixelFont.GlyphWidth));
            Assert.That(screen.Filled.Max(fill => fill.Bottom) - screen.Filled.Min(fill => fill.Y), Is.EqualTo(PixelFont.GlyphHeight));
        });
    }

    [Test]
    public void Draw_OneMoreLoss_DrawsLittleOfTheCurve()
    {
        ScreenModel model = new(LearningGoal.Classification, [8]);
        for (int i = 0; i < 10; i++)
        {
            model.AddLoss(0.5f);
        }

        FillRecorder screen = new(320, 240);
        ScreenRenderer renderer = new(screen, model);
        renderer.Draw();
        screen.Filled.Clear();
        model.AddLoss(0.5f);

        renderer.Draw();

        Assert.That(screen.Filled, Is.Not.Empty);
        Assert.That(screen.Filled.Max(fill => fill.Right) - screen.Filled.Min(fill => fill.X), Is.EqualTo(1), "one column a point");
    }

    [Test]
    public void Draw_OnePixelOfTheInputChanges_DrawsOneCell()
    {
        ScreenModel model = ScreenStates.LearningDigits();
        float[] image = new float[ScreenStates.Side * ScreenStates.Side];
        model.Input.SetImage(image, ScreenStates.Side, ScreenStates.Side);
        FillRecorder screen = new(320, 240);
        ScreenRenderer renderer = new(screen, model);
        renderer.Draw();
        screen.Filled.Clear();
        image[(2 * ScreenStates.Side) + 1] = 1;
        model.Input.SetImage(image, ScreenStates.Side, ScreenStates.Side);

        renderer.Draw();

        Assert.That(screen.Filled.Select(fill => (fill.X, fill.Y, fill.Width, fill.Height)), Is.EqualTo(new[] { (8 + 3, 124 + 6, 3, 3) }));
    }

    [TestCaseSource(nameof(AllScreens))]
    public void Draw_AfterTheFirst_AllocatesNothing(int width, int height, Func<ScreenModel> create)
    {
        ScreenModel model = create();
        ScreenRenderer renderer = new(new PictureScreen(width, height), model);
        // The same changes once before: what is made at its first use, such as the texts of a state, is made then.
        DrawAllChanges();

        Assert.That(Allocation.Of(DrawAllChanges), Is.Zero);

        void DrawAllChanges()
        {
            for (int i = 0; i < 12; i++)
            {
                Change(model, i);
                renderer.Draw();
                renderer.NextPage();
            }
        }
    }

    [Test]
    public void Draw_EachState_HasItsOwnWord()
    {
        List<string> words = [];
        foreach (IndicatorState state in Enum.GetValues<IndicatorState>())
        {
            ScreenModel model = new(LearningGoal.Anomaly, [4]) { State = state };
            PictureScreen screen = new(128, 64);
            new ScreenRenderer(screen, model).Draw();
            words.Add(string.Concat(Enumerable.Range(0, 52 * 10).Select(i => screen[i % 52, i / 52] == 0 ? '#' : '.')));
        }

        Assert.That(words, Is.Unique, "on a display without colours");
    }

    [Test]
    public void Draw_BlackAndWhiteDisplay_HasNoOtherColour()
    {
        PictureScreen screen = new(128, 64);
        ScreenRenderer renderer = new(screen, ScreenStates.LearningDigits());
        renderer.Draw();
        renderer.NextPage();
        renderer.Draw();

        Assert.That(Pixels(screen).Distinct(), Is.EquivalentTo(new[] { 0x000000, 0xFFFFFF }));
    }

    [TestCase(127, 64)]
    [TestCase(128, 63)]
    public void Create_TooSmall_SaysSo(int width, int height)
    {
        Assert.That(
            () => new ScreenRenderer(new PictureScreen(width, height), ScreenStates.Starting()),
            Throws.ArgumentException.With.Message.Contains($"128 x 64 pixels; it has {width} x {height}"));
    }

    /// <summary>For the eye: DEVICE_SCREEN_PICTURES names a folder that gets a picture of every page of every state.</summary>
    [TestCaseSource(nameof(AllScreens))]
    public void Draw_EveryPage_FillsEveryPart(int width, int height, Func<ScreenModel> create)
    {
        PictureScreen screen = new(width, height);
        ScreenModel model = create();
        ScreenRenderer renderer = new(screen, model);
        ScreenPages pages = new(width, height, model);
        string? folder = Environment.GetEnvironmentVariable("DEVICE_SCREEN_PICTURES");
        foreach (Widget[] page in pages.Create())
        {
            renderer.Draw();
            if (folder is not null)
            {
                screen.SavePng(Path.Combine(folder, $"{create.Method.Name}-{width}x{height}-{renderer.PageIndex + 1}.png"));
            }

            foreach (Widget widget in page.Where(widget => widget is HeaderWidget or CurveWidget or PictureWidget))
            {
                ScreenRegion region = widget.Region;
                Assert.That(
                    Enumerable.Range(0, region.Width * region.Height)
                        .Count(i => screen[region.X + (i % region.Width), region.Y + (i / region.Width)] != pages.Palette.Ground),
                    Is.GreaterThan(widget is PictureWidget && !pages.Palette.HasGrays ? -1 : 0), $"{widget.GetType().Name} {region}");
            }

            renderer.NextPage();
        }
    }

    private static void Change(ScreenModel model, int seed)
    {
        model.State = (IndicatorState)(seed % 6);
        model.AddLoss(0.02f + (0.001f * seed));
        model.AddScore(0.3f * seed);
        model.Accuracy = 0.9f + (0.005f * seed);
        model.ReconstructionError = 0.02f / (1 + seed);
        model.Uplink = (UplinkState)(seed % 3);
        model.SpoolBytes = 1000L * seed * seed;
        model.MemoryUsedBytes = 300_000L * seed;
        model.MemoryBudgetBytes = 3 << 20;
        model.SamplesPerSecond = 3.1f * seed;
        model.Uptime = TimeSpan.FromMinutes(17 * seed);
        model.Message = seed % 2 == 0 ? "checkpoint saved" : "a message that is so long that no display has room for all of its words";
        Span<float> image = stackalloc float[36];
        image.Fill(0.07f * seed);
        model.Input.SetImage(image, 6, 6);
        model.Reconstruction.SetWindow(image, 3, 12, 0, 1);
    }

    private static int[] Pixels(PictureScreen screen) =>
        Enumerable.Range(0, screen.Width * screen.Height).Select(i => screen[i % screen.Width, i / screen.Width]).ToArray();

    private sealed class FillRecorder(int width, int height) : IScreen
    {
        public List<ScreenRegion> Filled { get; } = [];

        public int Width => width;

        public int Height => height;

        public void Fill(int x, int y, int width, int height, int color)
        {
            if (width > 0 && height > 0)
            {
                Filled.Add(new ScreenRegion(x, y, width, height));
            }
        }

        public void Show()
        {
        }
    }
}
