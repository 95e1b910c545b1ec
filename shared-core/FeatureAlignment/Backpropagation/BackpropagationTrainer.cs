using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Backpropagation;

/// <summary>
/// The baseline (Rumelhart, Hinton and Williams 1986): the same layers, kernels, optimizers and samples, with a softmax layer on top and
/// the gradient of its cross-entropy sent back through all layers.
/// </summary>
/// <remarks>
/// <code>
/// h_0 = x     h_{l+1} = σ(W_l h_l + b_l)     e_L = onehot(y) − softmax(h_L)
/// −dW_l = e_{l+1} h_lᵀ     −db_l = e_{l+1}     e_l = (W_lᵀ e_{l+1}) ⊙ σ'(a_l)          errors point downhill
/// </code>
/// The outputs and slopes of all layers stay in memory until the gradient comes back: O(L · N), where the local rule needs O(N).
/// </remarks>
internal sealed class BackpropagationTrainer : Trainer
{
    private readonly ResidentLayer[] layers;
    private readonly UpdateWorkspace updates;
    private readonly LayerUpdate update;
    private readonly float[][] outputs;
    private readonly float[][] slopes;
    private readonly float[] sums;
    private readonly float[] labelLosses;
    private readonly Action<int> forwardBand;
    private readonly Action<int> backwardBand;
    private readonly Action<int> updateBand;
    private int batch;
    private int layerIndex;
    private int sampleWorkers;
    private int rowWorkers;

    public BackpropagationTrainer(TrainingOptions options, ISampleSource samples, KernelSet kernels, IReadOnlyList<LayerSpec> specs)
        : base(options, samples, kernels, specs, options.Batch)
    {
        layers = new ResidentLayer[specs.Count];
        outputs = new float[specs.Count][];
        slopes = new float[specs.Count][];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = CreateLayer(i);
            outputs[i] = new float[options.Batch * specs[i].Outputs];
            slopes[i] = new float[options.Batch * specs[i].Outputs];
        }

        sums = new float[options.Batch * WidestHidden(specs)];
        labelLosses = new float[options.Batch];
        updates = new UpdateWorkspace(specs, options.Batch, Optimizer, options.Threads);
        update = new LayerUpdate(Optimizer, kernels, updates, mostTerms: 1);
        forwardBand = ForwardBand;
        backwardBand = BackwardBand;
        updateBand = UpdateBand;
    }

    public override IReadOnlyList<ResidentLayer> ResidentLayers => layers;

    public static MemoryUse Plan(TrainingOptions options, IReadOnlyList<LayerSpec> specs, Optimizer optimizer, KernelSet kernels)
    {
        MemoryUse use = BatchReader.Plan(specs[0].Inputs, options.Batch, options.DropPixels)
            + UpdateWorkspace.Plan(specs, options.Batch, optimizer, options.Threads)
            + new MemoryUse { Activations = sizeof(float) * (long)options.Batch * (WidestHidden(specs) + 1) };
        foreach (LayerSpec spec in specs)
        {
            use += ResidentLayer.Plan(spec, spec.Outputs, optimizer.StatePerParameter)
                + new MemoryUse { Activations = sizeof(float) * 2L * options.Batch * spec.Outputs };
        }

        return use;
    }

    private protected override void Learn(in TrainingPosition position, int count, float learningRate)
    {
        batch = count;
        sampleWorkers = WorkShare.ThreadsFor(count, Team.Count);
        Reader.Read(position.EpochIndex, position.SampleIndex, count);
        Team.Run(forwardBand, sampleWorkers);
        for (layerIndex = layers.Length - 1; layerIndex >= 0; layerIndex--)
        {
            // The error below needs the weights as they were, so it is made before they change.
            update.Begin(layers[layerIndex].Layer, layers[layerIndex].State, learningRate);
            update.AddTerm(Error(layerIndex), Input(layerIndex));
            rowWorkers = WorkShare.ThreadsForRows(LayerSpecs[layerIndex].Outputs, count, Team.Count);
            if (layerIndex > 0)
            {
                Team.Run(backwardBand, sampleWorkers);
            }

            Team.Run(updateBand, rowWorkers);
        }

        double sum = 0;
        for (int sample = 0; sample < count; sample++)
        {
            sum += labelLosses[sample];
        }

        SetLoss(layers.Length - 1, new AlignmentLoss(0, 0, (float)(sum / count)));
    }

    private Matrix Output(int index) => new(outputs[index], batch, LayerSpecs[index].Outputs);

    // A layer's slopes become its error on the way back.
    private Matrix Error(int index) => new(slopes[index], batch, LayerSpecs[index].Outputs);

    private Matrix Input(int index) => index == 0 ? Reader.Dropped : Output(index - 1);

    private void ForwardBand(int workerIndex)
    {
        (int first, int count) = WorkShare.Of(batch, workerIndex, sampleWorkers);
        for (int index = 0; index < layers.Length; index++)
        {
            DenseLayer layer = layers[index].Layer;
            Kernels.MultiplyTransposed(
                Input(index).RowRange(first, count), layer.Weights, Output(index).RowRange(first, count));
            for (int sample = first; sample < first + count; sample++)
            {
                Span<float> h = Output(index).Row(sample);
                Spans.Add(layer.Bias, h);
                ActivationFunctions.ApplyWithSlope(layer.Spec.Activation, h, h, Error(index).Row(sample));
            }
        }

        int top = layers.Length - 1;
        for (int sample = first; sample < first + count; sample++)
        {
            Span<float> error = Error(top).Row(sample);
            int label = Reader.Labels[sample];
            if (label < 0)
            {
                // Without label there is nothing to learn from the sample.
                error.Clear();
                labelLosses[sample] = 0;
                continue;
            }

            Output(top).Row(sample).CopyTo(error);
            labelLosses[sample] = LabelReadout.Residual(error, label);
        }
    }

    /// <summary>Error of the layer below, before this layer changes.</summary>
    private void BackwardBand(int workerIndex)
    {
        (int first, int count) = WorkShare.Of(batch, workerIndex, sampleWorkers);

        Matrix sum = new Matrix(sums, batch, LayerSpecs[layerIndex].Inputs).RowRange(first, count);
        for (int sample = 0; sample < count; sample++)
        {
            sum.Row(sample).Clear();
        }

        Kernels.AddMultiply(
            Error(layerIndex).RowRange(first, count), layers[layerIndex].Layer.Weights, sum);
        for (int sample = 0; sample < count; sample++)
        {
            Span<float> error = Error(layerIndex - 1).Row(first + sample);
            ReadOnlySpan<float> sumRow = sum.Row(sample);
            for (int j = 0; j < error.Length; j++)
            {
                error[j] *= sumRow[j];
            }
        }
    }

    private void UpdateBand(int workerIndex)
    {
        LayerSpec spec = LayerSpecs[layerIndex];
        (int first, int count) = WorkShare.OfRows(spec.Outputs, workerIndex, rowWorkers);
        Span<float> biasGradient = updates.BiasGradient.AsSpan(first, count);
        biasGradient.Clear();
        for (int sample = 0; sample < batch; sample++)
        {
            Spans.Add(Error(layerIndex).Row(sample).Slice(first, count), biasGradient);
        }

        for (int j = 0; j < biasGradient.Length; j++)
        {
            biasGradient[j] /= batch;
        }

        update.ApplyRows(first, layers[layerIndex].Layer.Weights.RowRange(first, count), workerIndex);
    }

    private static int WidestHidden(IReadOnlyList<LayerSpec> specs)
    {
        int widest = 0;
        for (int i = 1; i < specs.Count; i++)
        {
            widest = Math.Max(widest, specs[i].Inputs);
        }

        return widest;
    }
}
