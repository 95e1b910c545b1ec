using FeatureAlignment.Kernels;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

/// <summary>Sizes at the edge of what an array can hold are planned right or refused, never wrapped around.</summary>
[TestFixture]
public class ExtremeSizesTests
{
    [TestCase(65_536, 65_536, LayerSchedule.Interleaved)]
    [TestCase(32_768, 65_536, LayerSchedule.Interleaved)]
    [TestCase(65_536, 65_536, LayerSchedule.Layerwise)]
    public void Plan_BatchTimesWidthBeyondAnArray_Throws(int batch, int width, LayerSchedule schedule)
    {
        TrainingOptions options = new() { Layers = [width, 10], Batch = batch, Labels = LabelMode.None, Schedule = schedule };
        Assert.That(
            () => MemoryPlan.Create(options, 784, 0, 60_000, KernelSet.Best),
            Throws.ArgumentException.With.Message.Contains($"{batch:N0} samples").And.Message.Contains($"{width:N0} values"));
    }

    [TestCase(LayerSchedule.Interleaved)]
    [TestCase(LayerSchedule.Layerwise)]
    public void Plan_LargestAcceptedSizes_IsPositiveInEveryPart(LayerSchedule schedule)
    {
        TrainingOptions options = new()
        {
            Layers = [16_000, 16_000],
            Batch = 65_536,
            Labels = LabelMode.None,
            Schedule = schedule,
            Threads = 8,
        };
        MemoryUse use = MemoryPlan.Create(options, 784, 0, 1_000_000, KernelSet.Best).Use;
        long activations = 65_536L * 16_000 * sizeof(float);
        Assert.Multiple(() =>
        {
            Assert.That(use.Weights, Is.GreaterThan(784L * 16_000 * sizeof(float)));
            Assert.That(use.Activations, Is.GreaterThan(3 * activations));
            Assert.That(use.WorkBuffers, Is.GreaterThanOrEqualTo(0));
            Assert.That(use.Total, Is.GreaterThan(use.Activations));
        });
    }

    [Test]
    public void Layers_ChangedAfterwards_StayAsTheyWereChecked()
    {
        int[] widths = [20, 10];
        TrainingOptions options = new() { Layers = widths };
        widths[0] = -5;
        Assert.That(options.Layers[0], Is.EqualTo(20));
        Assert.That(options, Is.EqualTo(new TrainingOptions { Layers = [20, 10] }), "options are equal by value");
    }
}
