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

    [Test]
    public void Parts_ComeBackWithTheTraining([Values] LayerSchedule schedule)
    {
        var samples = new RandomSamples(6, 9, 3);
        TrainingOptions options = new() { Layers = [5, 4], Schedule = schedule };
        FolderStorage folder = FolderStorage.OpenExisting(TestFolder.New());
        var saved = new Counter { Value = 17 };
        using (var checkpoints = new TrainingCheckpoints(new CheckpointStore(folder), options, 9, 3) { Parts = [saved] })
        {
            using Trainer trainer = Trainer.Create(options, samples, KernelSet.Best, checkpoints);
            checkpoints.Save(trainer);
            saved.Value = 18;

            // With the layerwise schedule the end of the first layer saves too.
            while (schedule == LayerSchedule.Layerwise && trainer.Position.LayerIndex == 0)
            {
                trainer.Step();
            }
        }

        var restored = new Counter();
        using var again = new TrainingCheckpoints(new CheckpointStore(folder), options, 9, 3) { Parts = [restored] };
        using Trainer resumed = Trainer.Create(options, samples, KernelSet.Best, again);
        Assert.That(again.Restore(resumed), Is.True);
        Assert.That(restored.Value, Is.EqualTo(schedule == LayerSchedule.Layerwise ? 18 : 17));
    }

    private sealed class Counter : ICheckpointPart
    {
        public int Value { get; set; }

        public string Name => "counter";

        public string Kind => "count";

        public void Write(CheckpointWriter writer) => writer.Write("value", Value);

        public void Read(CheckpointReader reader) => Value = reader.ReadInt("value");
    }
}
