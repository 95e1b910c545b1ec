using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports;

public sealed class RunResultTests
{
    /// <summary>The fields that the issue promises to readers of result.json, by name.</summary>
    private static readonly string[] PromisedFields =
    [
        "dataset", "rule", "layers", "labels", "schedule", "seed", "epochs", "samplesSeen", "testAccuracy", "layerAccuracies",
        "reconstructionMse", "decodedMse", "seconds", "samplesPerSecond", "trainingBytes", "kernels", "deadNeurons", "weightsSha256",
    ];

    [Test]
    public void Json_ReadBack_GivesTheSameJson()
    {
        string json = Json(SampleRun.Result);

        Assert.That(Json(Read(json)), Is.EqualTo(json));
    }

    [Test]
    public void Json_ReadBack_KeepsConfusionMatrix()
    {
        RunResult read = Read(Json(SampleRun.Result));

        Assert.That(read.Confusion, Is.EqualTo(SampleRun.Result.Confusion));
    }

    [Test]
    public void Json_HasPromisedFieldsInCamelCase()
    {
        using JsonDocument document = JsonDocument.Parse(Json(SampleRun.Result));

        string[] names = document.RootElement.EnumerateObject().Select(property => property.Name).ToArray();

        Assert.That(PromisedFields, Is.SubsetOf(names));
    }

    [Test]
    public void Json_WritesOneMatrixRowPerLine()
    {
        string json = Json(SampleRun.Result with { Confusion = [[1, 2], [3, 4]] });

        Assert.That(json, Does.Contain("\"confusion\": [\n    [1, 2],\n    [3, 4]\n  ],"));
    }

    [Test]
    public void Json_WithoutLabels_HasNulls()
    {
        using JsonDocument document = JsonDocument.Parse(
            Json(SampleRun.Result with { TestAccuracy = null, LayerAccuracies = null, Confusion = null }));

        Assert.Multiple(() =>
        {
            Assert.That(document.RootElement.GetProperty("testAccuracy").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(document.RootElement.GetProperty("confusion").ValueKind, Is.EqualTo(JsonValueKind.Null));
        });
    }

    [Test]
    public void Json_DivergedRun_StaysValidAndReadsBackAsNotANumber()
    {
        RunResult diverged = SampleRun.Result with { ReconstructionMse = [double.NaN, double.PositiveInfinity] };

        RunResult read = Read(Json(diverged));

        Assert.That(read.ReconstructionMse, Is.EqualTo(new[] { double.NaN, double.NaN }));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("{\"dataset\": \"mnist\"}")]
    [TestCase("<html>")]
    public void ReadJson_NotAResult_Throws(string text) =>
        Assert.That(() => Read(text), Throws.TypeOf<RunFileFormatException>().With.Message.Contains("must be"));

    [Test]
    public void ReadJson_MatrixOfText_Throws()
    {
        string json = Json(SampleRun.Result with { Confusion = [[123456]] }).Replace("123456", "\"x\"", StringComparison.Ordinal);

        Assert.That(() => Read(json), Throws.TypeOf<RunFileFormatException>().With.Message.Contains("matrix"));
    }

    private static string Json(RunResult result)
    {
        using MemoryStream stream = new();
        result.WriteJson(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static RunResult Read(string json)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(json));
        return RunResult.ReadJson(stream);
    }
}
