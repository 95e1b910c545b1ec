using System.IO;
using System.Text;
using FeatureAlignment.Datasets;
using FeatureAlignment.Simulator.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Datasets;

public class FeatureScalingTests
{
    /// <summary>Columns: width from 2 to 10, depth always 7.</summary>
    private static readonly FeatureScaling Scaling = FeatureScaling.Of(new InMemoryDataset([2, 7, 10, 7, 4, 7], 2), ["width", "depth"]);

    [TestCase("2,7", 0f)]
    [TestCase("4;7", 0.25f)]
    [TestCase(" 10\t7 ", 1f)]
    [TestCase("18,9", 2f)]
    public void ParseRow_GivesScaledFeatures(string row, float width) =>
        Assert.That(Scaling.ParseRow(row), Is.EqualTo(new[] { width, 0f }));

    [Test]
    public void ParseRow_RangeBeyondAFloat_IsScaled()
    {
        FeatureScaling scaling = FeatureScaling.Of(new InMemoryDataset([float.MinValue, float.MaxValue], 1), ["a"]);

        Assert.That(scaling.ParseRow("0"), Is.EqualTo(new[] { 0.5f }));
    }

    [Test]
    public void ParseRow_FarOutsideATinyRange_StaysFinite()
    {
        FeatureScaling scaling = FeatureScaling.Of(new InMemoryDataset([0, 1e-30f], 1), ["a"]);

        Assert.That(scaling.ParseRow("1e30"), Is.EqualTo(new[] { float.MaxValue }));
    }

    [Test]
    public void ParseRow_OtherNumberOfValues_NamesTheColumns() =>
        Assert.That(
            () => Scaling.ParseRow("1,2,3"),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("2 values (width, depth); 3 found"));

    [TestCase("4,")]
    [TestCase("4,x")]
    [TestCase("4,∞")]
    public void ParseRow_NotANumber_NamesTheColumn(string row) =>
        Assert.That(
            () => Scaling.ParseRow(row),
            Throws.TypeOf<DataFormatException>().With.Message.Contains("value for depth must be a finite number"));

    [Test]
    public void Read_GivesWhatWriteWrote()
    {
        FeatureScaling scaling = FeatureScaling.Of(new InMemoryDataset([0.1f, 1e-38f, 1 / 3f, 3e38f], 2), ["a", "b \"c\""]);
        using var file = new MemoryStream();
        scaling.Write(file);
        file.Position = 0;

        FeatureScaling read = FeatureScaling.Read(file, "scaling.json");

        Assert.That(read.ColumnNames, Is.EqualTo(scaling.ColumnNames));
        Assert.That(read.ParseRow("0.2,1e38"), Is.EqualTo(scaling.ParseRow("0.2,1e38")));
    }

    [TestCase("")]
    [TestCase("[{\"Name\":")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("[null]")]
    [TestCase("[{\"Name\":\"a\",\"Minimum\":2,\"Maximum\":1}]")]
    [TestCase("[{\"Minimum\":1,\"Maximum\":2}]")]
    public void Read_DamagedFile_NamesIt(string text) =>
        Assert.That(
            () => FeatureScaling.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "scaling.json"),
            Throws.TypeOf<DataFormatException>().With.Message.StartsWith("scaling.json: "));
}
