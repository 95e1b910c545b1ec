using System;
using System.IO;
using System.Linq;
using FeatureAlignment.Simulator.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Training;

[TestFixture]
internal sealed class PlainProgressTests
{
    private static readonly ProgressSnapshot EpochEnd = new(
        EpochNumber: 1,
        Epochs: 12,
        SamplesSeen: 60_000,
        TotalSamples: 720_000,
        IsEpochEnd: true,
        LayerLosses: [0.0123f, 0.0456f],
        Accuracy: 0.9712,
        SamplesPerSecond: 17_204.4,
        Left: TimeSpan.FromSeconds(35));

    [Test]
    public void Report_EpochEnd_WritesEveryField() =>
        Assert.That(
            Lines(EpochEnd),
            Is.EqualTo(new[] { "epoch 1/12  samples 60000  loss 0.0123 0.0456  accuracy 0.9712  17,204 samples/s  left 00:35" }));

    [Test]
    public void Report_Layerwise_NamesLayerAndLeavesOutWhatIsNotMeasured() =>
        Assert.That(
            Lines(EpochEnd with { LayerNumber = 2, LayerLosses = [float.NaN, 0.5f], Accuracy = null, Left = TimeSpan.FromSeconds(3_723) }),
            Is.EqualTo(new[] { "layer 2/2  epoch 1/12  samples 60000  loss - 0.5000  17,204 samples/s  left 1:02:03" }));

    [Test]
    public void Report_EveryBatchOfAnEpoch_WritesEachTwentiethOnce()
    {
        ProgressSnapshot[] batches =
        [
            .. Enumerable.Range(1, 1_000).Select(batch =>
                EpochEnd with { SamplesSeen = batch, TotalSamples = 1_000, IsEpochEnd = batch == 1_000 }),
        ];

        Assert.That(
            Lines(batches).Select(line => line.Split("  ")[1]),
            Is.EqualTo(Enumerable.Range(1, 20).Select(part => $"samples {50 * part}")));
    }

    private static string[] Lines(params ProgressSnapshot[] snapshots)
    {
        using StringWriter output = new();
        PlainProgress progress = new(output);
        foreach (ProgressSnapshot snapshot in snapshots)
        {
            progress.Report(snapshot);
        }

        return output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
