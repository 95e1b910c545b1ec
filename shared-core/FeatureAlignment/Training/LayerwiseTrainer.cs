using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Training;

/// <summary>
/// One layer learns for all its epochs, goes to the store, and makes room for the next one, which learns on its outputs. Only the layer in
/// training is in memory; a window of samples at a time passes the frozen ones, which are read from the store a block of rows at a time.
/// A layer that is too large even alone learns from storage: each step reads its rows twice and writes them once, a block at a time.
/// </summary>
internal sealed class LayerwiseTrainer : Trainer
{
    // So many samples share each reading of a frozen weight that multiplying takes longer than reading.
    private const int EnoughWindowSamples = 64;

    private readonly ILayerStore store;
    private readonly FrozenLayers frozen;
    private readonly int window;
    private ResidentLayer[] resident = Array.Empty<ResidentLayer>();
    private AlignmentWorkspace? workspace;
    private AlignmentRule? rule;
    private float[] output = Array.Empty<float>();
    private Matrix windowInput;
    private Matrix windowTarget;
    private int windowStart = -1;
    private int windowPass = -1;

    public LayerwiseTrainer(
        TrainingOptions options, ISampleSource samples, KernelSet kernels, IReadOnlyList<LayerSpec> specs, ILayerStore store)
        : base(options, samples, kernels, specs, WindowOf(options, specs, samples.Count))
    {
        this.store = store;
        window = WindowOf(options, specs, samples.Count);
        frozen = new FrozenLayers(specs, store, window, options, kernels, Team);
        BeginLayer();
    }

    public override IReadOnlyList<ResidentLayer> ResidentLayers => resident;

    private protected override int PhaseCount => LayerSpecs.Count;

    /// <summary>The layer whose training takes the most, and what all of them share.</summary>
    public static MemoryUse Plan(
        TrainingOptions options, IReadOnlyList<LayerSpec> specs, Optimizer optimizer, KernelSet kernels, int sampleCount)
    {
        int window = WindowOf(options, specs, sampleCount);
        MemoryUse largest = default;
        foreach (LayerSpec spec in specs)
        {
            LayerSpec[] alone = { spec };
            MemoryUse use = ResidentLayer.Plan(spec, BlockRows(options, spec), optimizer.StatePerParameter)
                + UpdateWorkspace.Plan(alone, options.Batch, optimizer, options.Threads)
                + AlignmentWorkspace.Plan(alone, options.Alignment, options.Batch)
                + new MemoryUse { Activations = sizeof(float) * (long)options.Batch * spec.Outputs };
            largest = use.Total > largest.Total ? use : largest;
        }

        return largest + BatchReader.Plan(specs[0].Inputs, window, options.DropPixels)
            + FrozenLayers.Plan(specs, window, options);
    }

    /// <summary>Bytes that all epochs of the layers that learn from storage write there.</summary>
    public static long PlanWrittenBytes(TrainingOptions options, IReadOnlyList<LayerSpec> specs, int sampleCount)
    {
        long steps = (long)options.Epochs * ((sampleCount + options.Batch - 1) / options.Batch), written = 0;
        foreach (LayerSpec spec in specs)
        {
            // Once when it starts, then once a step.
            written += BlockRows(options, spec) < spec.Outputs ? (steps + 1) * spec.Outputs * spec.RowLength * sizeof(float) : 0;
        }

        return written;
    }

    private protected override void Learn(in TrainingPosition position, int count, float learningRate)
    {
        LoadWindow(position);
        ResidentLayer layer = resident[0];
        LayerSpec spec = layer.Layer.Spec;
        int first = position.SampleIndex - windowStart;
        DrawGuess(workspace!, spec, layer.Index, position, count);
        AlignmentLoss loss = rule!.Step(
            layer.Layer, layer.State, windowInput.RowRange(first, count), windowTarget.RowRange(first, count),
            Reader.Labels.AsMemory(first, count), new Matrix(output, count, spec.Outputs), learningRate);
        SetLoss(layer.Index, loss);
    }

    private protected override void FinishPhase()
    {
        int finished = Position.LayerIndex;
        Position = Position with { LayerIndex = finished + 1, EpochIndex = 0, SampleIndex = 0, StepIndex = 0 };
        store.Freeze(finished, resident[0].Layer, Position);
        BeginLayer();
    }

    private protected override void OnRestored() => BeginLayer();

    /// <summary>Frees the last layer and everything of its size before the next one is allocated.</summary>
    private void BeginLayer()
    {
        resident = Array.Empty<ResidentLayer>();
        output = Array.Empty<float>();
        workspace = null;
        rule = null;
        windowStart = -1;
        if (Position.LayerIndex == LayerSpecs.Count)
        {
            return;
        }

        LayerSpec[] alone = { LayerSpecs[Position.LayerIndex] };
        int blockRows = BlockRows(Options, alone[0]);
        resident = new[]
        {
            blockRows == alone[0].Outputs
                ? CreateLayer(Position.LayerIndex)
                : Initialize(Position.LayerIndex, new DenseLayer(alone[0], store.OpenRows(Position.LayerIndex), blockRows)),
        };
        workspace = new AlignmentWorkspace(
            alone, Options.Alignment, Options.Batch, new UpdateWorkspace(alone, Options.Batch, Optimizer, Options.Threads));
        rule = AlignmentRule.Create(Options.Alignment, Optimizer, Kernels, Team, workspace);
        output = new float[Options.Batch * alone[0].Outputs];
    }

    private void LoadWindow(in TrainingPosition position)
    {
        int start = position.SampleIndex / window * window;
        int pass = (position.LayerIndex * Options.Epochs) + position.EpochIndex;
        if (start == windowStart && pass == windowPass)
        {
            return;
        }

        Reader.Read(pass, start, Math.Min(window, Samples.Count - start));
        windowInput = frozen.Forward(Reader.Dropped, position.LayerIndex);
        windowTarget = position.LayerIndex == 0 ? Reader.Clean : windowInput;
        windowStart = start;
        windowPass = pass;
    }

    /// <summary>Rows of a layer in training that are in memory: all of them unless the settings ask for fewer.</summary>
    private static int BlockRows(TrainingOptions options, LayerSpec spec) =>
        options.RowsInMemory == 0 ? spec.Outputs : Math.Min(options.RowsInMemory, spec.Outputs);

    private static int WindowOf(TrainingOptions options, IReadOnlyList<LayerSpec> specs, int sampleCount)
    {
        int wanted = options.FrozenWindow > 0 ? options.FrozenWindow
            : specs.Count > 1 ? Math.Min(4 * options.Batch, EnoughWindowSamples)
            : options.Batch;
        int batches = (wanted + options.Batch - 1) / options.Batch;
        int most = (sampleCount + options.Batch - 1) / options.Batch;
        return Math.Min(batches, most) * options.Batch;
    }
}
