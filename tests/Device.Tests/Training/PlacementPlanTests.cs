using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Training;

[TestFixture]
public sealed class PlacementPlanTests
{
    private const int Samples = 60_000;

    private static readonly DeviceSettings Mnist = SettingsReader.Read("""
        Goal: classification
        Source: files
        Training.Labels: completed
        Network.Layers: 256,128
        Network.Activation: relu
        Training.InitialWeights: he
        Training.Optimizer: sgd
        """).Settings;

    [Test]
    public void Create_WhatFits_IsResidentAndInterleaved()
    {
        PlacementPlan plan = Create(Mnist with { MemoryBudgetBytes = 3 << 20 });
        Assert.That(plan.Placement, Is.EqualTo(LayerPlacement.Resident));
        Assert.That(plan.Options.Schedule, Is.EqualTo(LayerSchedule.Interleaved));
        Assert.That(plan.Use.Total, Is.LessThanOrEqualTo(3 << 20));
        Assert.That(plan.Reason, Does.StartWith("Resident: all layers in memory, "));
    }

    [Test]
    public void Create_TwoLayersThatDoNotFitTogether_ArePaged()
    {
        DeviceSettings settings = WithLayers(1024, 512) with { MemoryBudgetBytes = (int)(4.5 * (1 << 20)) };
        PlacementPlan plan = Create(settings);
        Assert.That(plan.Placement, Is.EqualTo(LayerPlacement.Paged));
        Assert.That(plan.Options.Schedule, Is.EqualTo(LayerSchedule.Layerwise));
        Assert.That(plan.WrittenBytes, Is.Zero);
        Assert.That(plan.Reason, Does.StartWith("Paged: one layer in memory, ").And.Contains("All layers in memory need "));
    }

    [Test]
    public void Create_ALayerThatDoesNotFit_IsRowStreamedWhereTheCardBearsIt()
    {
        DeviceSettings settings = WithLayers(1024, 512) with
        {
            MemoryBudgetBytes = 1 << 20,
            UseCard = true,
            RowWearBytes = 1L << 40,
            Training = WithLayers(1024, 512).Training with { Batch = 256 },
        };
        PlacementPlan plan = Create(settings, samples: 2_000);
        Assert.That(plan.Placement, Is.EqualTo(LayerPlacement.RowStreamed));
        Assert.That(plan.Use.Total, Is.LessThanOrEqualTo(1 << 20));
        Assert.That(plan.Options.Batch, Is.InRange(8, 256));

        // Each layer is written when it starts and once a step: [1024 x 794] and [512 x 1034] floats.
        long steps = (2_000 + plan.Options.Batch - 1) / plan.Options.Batch;
        Assert.That(plan.WrittenBytes, Is.EqualTo((steps + 1) * 4 * ((1024 * 794) + (512 * 1034))));
    }

    [Test]
    public void Create_RowsInFlash_AreRefusedWithTheNumbersOfEveryTry()
    {
        DeviceSettings settings = WithLayers(1024, 512) with { MemoryBudgetBytes = 1 << 20 };
        Assert.That(
            () => Create(settings),
            Throws.InstanceOf<PlacementException>().With.Message.Contains("All layers in memory need ")
                .And.Message.Contains("One layer at a time needs ").And.Message.Contains("to flash, which does not bear it"));
    }

    [Test]
    public void Create_MoreThanTheCardShallBear_IsRefused()
    {
        DeviceSettings settings = WithLayers(1024, 512) with { MemoryBudgetBytes = 1 << 20, UseCard = true, RowWearBytes = 1 << 20 };
        Assert.That(
            () => Create(settings),
            Throws.InstanceOf<PlacementException>().With.Message.Contains("Storage.RowWear allows 1,048,576 bytes"));
    }

    [Test]
    public void Create_ABatchThatWouldStarveTheWatchdog_IsRefused()
    {
        DeviceSettings settings = Mnist with { MemoryBudgetBytes = 1 << 30, Training = Mnist.Training with { Batch = 4096 } };
        Assert.That(
            () => Create(settings),
            Throws.InstanceOf<PlacementException>().With.Message.StartsWith("Training.Batch must be at most 84"));
    }

    [Test]
    public void Create_OneThatIsAskedFor_IsNotReplacedByAnother()
    {
        DeviceSettings settings = Mnist with { MemoryBudgetBytes = 16 << 20, Placement = LayerPlacement.Paged };
        Assert.That(Create(settings).Placement, Is.EqualTo(LayerPlacement.Paged));
        Assert.That(
            () => Create(settings with { Placement = LayerPlacement.Resident, MemoryBudgetBytes = 64 << 10 }),
            Throws.InstanceOf<PlacementException>().With.Message.StartsWith("All layers in memory need"));
    }

    private static DeviceSettings WithLayers(params int[] layers) => Mnist with { Training = Mnist.Training with { Layers = layers } };

    private static PlacementPlan Create(DeviceSettings settings, int samples = Samples) =>
        PlacementPlan.Create(settings, 784, 10, samples, KernelSet.Scalar);
}
