using System;
using System.IO;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Training;

/// <summary>An evaluation of all test samples that goes on a few samples at a call, between two steps of a training.</summary>
public sealed class EvaluationPass
{
    private readonly Trainer trainer;
    private readonly TrainerLayers layers;
    private readonly ISampleSource samples;
    private readonly StreamedEvaluator evaluator;
    private int next;
    private int layerCount;

    /// <summary>Allocates the buffers; nothing runs yet.</summary>
    /// <param name="trainer">The training; must not take a step while a pass is under way.</param>
    /// <param name="finished">Where its finished layers are; null when all are in memory.</param>
    /// <param name="samples">The test samples.</param>
    /// <param name="kernels">The arithmetic.</param>
    public EvaluationPass(Trainer trainer, ILayerReader? finished, ISampleSource samples, KernelSet kernels)
    {
        ArgumentChecks.NotNull(trainer, nameof(trainer));
        ArgumentChecks.NotNull(samples, nameof(samples));
        this.trainer = trainer;
        this.samples = samples;
        layers = new TrainerLayers(trainer, finished);
        evaluator = new StreamedEvaluator(trainer.LayerSpecs, trainer.Options.Alignment, kernels, PlacementPlan.EvaluationWindow);
        Tally = new EvaluationTally(trainer.LayerSpecs);
    }

    /// <summary>The figures of the pass that is under way, or of the last one.</summary>
    public EvaluationTally Tally { get; }

    /// <summary>Layers that the pass uses: those that have begun to learn.</summary>
    public int LayerCount => layerCount;

    /// <summary>True from <see cref="Begin"/> until all samples are done.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>A sample of the last call.</summary>
    public ReadOnlySpan<float> LastInput => evaluator.LastInput;

    /// <summary>Its reconstruction by the first layer.</summary>
    public ReadOnlySpan<float> LastReconstruction => evaluator.LastReconstruction;

    /// <summary>Its label and what it was taken for; −1 for none.</summary>
    public (int Label, int Predicted) LastClass => evaluator.LastClass;

    /// <summary>Starts anew with the first sample.</summary>
    public void Begin()
    {
        Tally.Clear();
        next = 0;
        layerCount = layers.Count;
        IsUnderWay = true;
    }

    /// <summary>Evaluates the next few samples.</summary>
    /// <returns>True when that was the last of them.</returns>
    /// <exception cref="InvalidOperationException">No pass is under way.</exception>
    /// <exception cref="IOException">The storage fails; the pass starts anew with the next call.</exception>
    public bool Step()
    {
        if (!IsUnderWay)
        {
            throw new InvalidOperationException("An evaluation must be begun before it takes a step; call Begin.");
        }

        int count = Math.Min(PlacementPlan.EvaluationWindow, samples.Count - next);
        try
        {
            evaluator.Evaluate(layers, samples, next, count, Tally, layerCount);
        }
        catch (IOException)
        {
            // Some of these samples may be counted already.
            Begin();
            throw;
        }

        next += count;
        IsUnderWay = next < samples.Count;
        return !IsUnderWay;
    }

    /// <summary>Evaluates one sample alone, for a picture of it; the figures of a pass are not touched.</summary>
    /// <param name="sampleIndex">0-based.</param>
    public void Look(int sampleIndex)
    {
        var alone = new EvaluationTally(trainer.LayerSpecs);
        evaluator.Evaluate(layers, samples, sampleIndex, 1, alone, layers.Count);
    }
}
