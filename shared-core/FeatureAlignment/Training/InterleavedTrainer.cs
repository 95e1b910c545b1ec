using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Training;

/// <summary>Each batch visits the layers in order, and each of them learns as soon as it has its input (the authors' schedule).</summary>
internal sealed class InterleavedTrainer : Trainer
{
    private readonly ResidentLayer[] layers;
    private readonly AlignmentWorkspace workspace;
    private readonly AlignmentRule rule;
    private readonly float[][] outputs;

    public InterleavedTrainer(TrainingOptions options, ISampleSource samples, KernelSet kernels, IReadOnlyList<LayerSpec> specs)
        : base(options, samples, kernels, specs, options.Batch)
    {
        layers = new ResidentLayer[specs.Count];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = CreateLayer(i);
        }

        var updates = new UpdateWorkspace(specs, options.Batch, Optimizer, options.Threads);
        workspace = new AlignmentWorkspace(specs, options.Alignment, options.Batch, updates);
        rule = AlignmentRule.Create(options.Alignment, Optimizer, kernels, Team, workspace);
        outputs = new[] { new float[options.Batch * LargestOutput(specs, 0)], new float[options.Batch * LargestOutput(specs, 1)] };
    }

    public override IReadOnlyList<ResidentLayer> ResidentLayers => layers;

    public static MemoryUse Plan(TrainingOptions options, IReadOnlyList<LayerSpec> specs, Optimizer optimizer, KernelSet kernels)
    {
        MemoryUse use = BatchReader.Plan(specs[0].Inputs, options.Batch, options.DropPixels)
            + UpdateWorkspace.Plan(specs, options.Batch, optimizer, options.Threads)
            + AlignmentWorkspace.Plan(specs, options.Alignment, options.Batch)
            + new MemoryUse { Activations = sizeof(float) * (long)options.Batch * (LargestOutput(specs, 0) + LargestOutput(specs, 1)) };
        foreach (LayerSpec spec in specs)
        {
            use += ResidentLayer.Plan(spec, spec.Outputs, optimizer.StatePerParameter);
        }

        return use;
    }

    private protected override void Learn(in TrainingPosition position, int count, float learningRate)
    {
        Reader.Read(position.EpochIndex, position.SampleIndex, count);
        Matrix x = Reader.Dropped, target = Reader.Clean;
        foreach (ResidentLayer resident in layers)
        {
            LayerSpec spec = resident.Layer.Spec;
            DrawGuess(workspace, spec, resident.Index, position, count);
            var h = new Matrix(outputs[resident.Index % 2], count, spec.Outputs);
            SetLoss(resident.Index, rule.Step(resident.Layer, resident.State, x, target, Reader.Labels, h, learningRate));
            x = target = h;
        }
    }

    // Outputs of even and of odd layers take turns: one is read while the other is written.
    private static int LargestOutput(IReadOnlyList<LayerSpec> specs, int first)
    {
        int largest = 0;
        for (int i = first; i < specs.Count; i += 2)
        {
            largest = System.Math.Max(largest, specs[i].Outputs);
        }

        return largest;
    }
}
