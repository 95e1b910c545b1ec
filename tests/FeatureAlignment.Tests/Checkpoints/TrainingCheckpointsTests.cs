using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

[TestFixture]
public sealed class TrainingCheckpointsTests
{
    [Test]
    public void FrozenLayers_MoreThanOpenFiles_GiveTheSameBits([Values(1, 4, 24)] int batch)
    {
        var samples = new RandomSamples(61, 9, 3);
        TrainingOptions options = new()
        {
            // Deep enough that files are closed and opened again; widths below and above the inputs, which outputs may take the place of.
            Layers = [.. Enumerable.Range(0, 12).Select(i => 5 + (i * 3 % 8))],
            Schedule = LayerSchedule.Layerwise,
            Batch = batch,
            Epochs = 2,
            Seed = 3,
        };
        string expected = TrainingRun.Digest(options, samples, KernelSet.Best);

        using var checkpoints = new TrainingCheckpoints(
            new CheckpointStore(FolderStorage.OpenExisting(TestFolder.New())), options, samples.Inputs, samples.Classes);
        using Trainer trainer = Trainer.Create(options, samples, KernelSet.Best, checkpoints);
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        Assert.That(checkpoints.LoadNetwork()!.ComputeDigest(), Is.EqualTo(expected));
    }
}
