using System;
using System.IO;
using System.Text;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Datasets;

[TestFixture]
internal sealed class SampleFormatTests
{
    private static readonly SampleFormat Format = new()
    {
        Name = "mnist",
        Inputs = 6,
        Classes = 2,
        TrainingCount = 5,
        ImageWidth = 3,
        ImageHeight = 2,
        ClassNames = ["a", "b"],
    };

    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Read_GivesWhatWasWritten()
    {
        string path = Path.Combine(folder.Path, "samples.json");
        Format.Write(path);

        SampleFormat read = SampleFormat.Read(path);

        Assert.That(read with { ClassNames = Format.ClassNames }, Is.EqualTo(Format));
        Assert.That(read.ClassNames, Is.EqualTo(Format.ClassNames));
    }

    [TestCase("\"inputs\": 6", "\"inputs\": 0")]
    [TestCase("\"inputs\": 6", "\"inputs\": 7")]
    [TestCase("\"classes\": 2", "\"classes\": 3")]
    [TestCase("\"trainingCount\": 5", "\"trainingCount\": -1")]
    [TestCase("\"name\"", "\"title\"")]
    [TestCase("{", "")]
    public void Read_Damaged_IsRefusedByName(string stored, string damaged)
    {
        string path = Path.Combine(folder.Path, "samples.json");
        Format.Write(path);
        string json = File.ReadAllText(path);
        Assert.That(json, Does.Contain(stored));
        folder.Write("samples.json", Encoding.UTF8.GetBytes(json.Replace(stored, damaged, StringComparison.Ordinal)));

        Assert.That(() => SampleFormat.Read(path), Throws.TypeOf<RunFileFormatException>().With.Message.Contains(path));
    }
}
