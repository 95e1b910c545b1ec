using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Tests.Support;

/// <summary>Whole trainings in one call.</summary>
internal static class TrainingRun
{
    /// <summary>Trains to the end and returns all layers.</summary>
    public static Network ToEnd(TrainingOptions options, ISampleSource samples, KernelSet kernels)
    {
        var store = new MemoryLayerStore(options.CreateLayerSpecs(samples.Inputs, samples.Classes));
        using Trainer trainer = Trainer.Create(options, samples, kernels, store);
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        IReadOnlyList<DenseLayer> layers = options.Schedule == LayerSchedule.Layerwise
            ? store.Layers
            : trainer.ResidentLayers.Select(resident => resident.Layer).ToArray();
        return new Network(options, layers);
    }

    /// <summary>The digest of all parameters after the whole training.</summary>
    public static string Digest(TrainingOptions options, ISampleSource samples, KernelSet kernels) =>
        ToEnd(options, samples, kernels).ComputeDigest();
}
