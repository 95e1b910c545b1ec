using System;
using System.Collections.Generic;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Training;

/// <summary>
/// Sends a window of samples through the layers below the one in training. Their weights stay in the store: a block of rows at a time
/// comes into memory, meets the whole window and is forgotten.
/// </summary>
internal sealed class FrozenLayers
{
    private const int MostBlockRows = 64;

    private readonly IReadOnlyList<LayerSpec> layers;
    private readonly int blockRows;
    private readonly ILayerStore store;
    private readonly KernelSet kernels;
    private readonly ThreadTeam team;
    private readonly float[] evenOutputs;
    private readonly float[] oddOutputs;
    private readonly float[] rows;
    private readonly float[] bias;
    private readonly Action<int> multiplyBand;
    private Matrix input;
    private Matrix output;
    private Matrix block;
    private int firstRow;
    private int workers;

    public FrozenLayers(
        IReadOnlyList<LayerSpec> layers, ILayerStore store, int window, TrainingOptions options, KernelSet kernels, ThreadTeam team)
    {
        this.layers = layers;
        this.store = store;
        this.kernels = kernels;
        this.team = team;
        blockRows = BlockRows(options);
        var size = new Sizes(layers, window, options);
        evenOutputs = new float[size.Even];
        oddOutputs = new float[size.Odd];
        rows = new float[size.Rows];
        bias = new float[size.Bias];
        multiplyBand = MultiplyBand;
    }

    public static MemoryUse Plan(IReadOnlyList<LayerSpec> layers, int window, TrainingOptions options)
    {
        var size = new Sizes(layers, window, options);
        return new MemoryUse
        {
            Activations = sizeof(float) * ((long)size.Even + size.Odd),
            WorkBuffers = sizeof(float) * ((long)size.Rows + size.Bias),
        };
    }

    /// <summary>Outputs of layer <paramref name="count"/> − 1 for the given samples, [B x O]; the samples themselves when count is
    /// 0.</summary>
    /// <remarks>Overwrites the samples when count is 2 or more: once they have met layer 0, their place takes the outputs of every other
    /// layer.</remarks>
    public Matrix Forward(in Matrix samples, int count)
    {
        input = samples;
        for (int layerIndex = 0; layerIndex < count; layerIndex++)
        {
            LayerSpec spec = layers[layerIndex];
            output = OutputOf(layerIndex, samples);
            store.ReadBias(layerIndex, bias.AsSpan(0, spec.Outputs));
            workers = WorkShare.ThreadsFor(input.Rows, team.Count);
            for (firstRow = 0; firstRow < spec.Outputs; firstRow += blockRows)
            {
                int rowCount = Math.Min(blockRows, spec.Outputs - firstRow);
                block = new Matrix(rows, rowCount, spec.RowLength).ColumnRange(0, spec.Inputs);
                store.ReadRows(layerIndex, firstRow, rows.AsSpan(0, rowCount * spec.RowLength));
                team.Run(multiplyBand, workers);
            }

            for (int sample = 0; sample < output.Rows; sample++)
            {
                Span<float> values = output.Row(sample);
                Spans.Add(bias, values);
                ActivationFunctions.Apply(spec.Activation, values, values);
            }

            input = output;
        }

        return input;
    }

    private Matrix OutputOf(int layerIndex, in Matrix samples)
    {
        int width = layers[layerIndex].Outputs;
        if (layerIndex % 2 == 0)
        {
            return new Matrix(evenOutputs, samples.Rows, width);
        }

        return width <= samples.Columns
            ? new Matrix(samples.Data, samples.Offset, samples.Rows, width, samples.Stride)
            : new Matrix(oddOutputs, samples.Rows, width);
    }

    private static int BlockRows(TrainingOptions options) =>
        options.RowsInMemory == 0 ? MostBlockRows : Math.Min(options.RowsInMemory, MostBlockRows);

    private void MultiplyBand(int workerIndex)
    {
        (int first, int count) = WorkShare.Of(input.Rows, workerIndex, workers);
        kernels.MultiplyTransposed(
            input.RowRange(first, count), block, output.RowRange(first, count).ColumnRange(firstRow, block.Rows));
    }

    private readonly struct Sizes
    {
        public Sizes(IReadOnlyList<LayerSpec> layers, int window, TrainingOptions options)
        {
            Even = Odd = Rows = Bias = 0;

            // The last layer is never frozen while something learns.
            for (int i = 0; i < layers.Count - 1; i++)
            {
                bool fitsSamples = layers[i].Outputs <= layers[0].Inputs;
                Even = i % 2 == 0 ? Math.Max(Even, window * layers[i].Outputs) : Even;
                Odd = i % 2 == 1 && !fitsSamples ? Math.Max(Odd, window * layers[i].Outputs) : Odd;
                Rows = Math.Max(Rows, Math.Min(BlockRows(options), layers[i].Outputs) * layers[i].RowLength);
                Bias = Math.Max(Bias, layers[i].Outputs);
            }
        }

        public int Even { get; }

        public int Odd { get; }

        public int Rows { get; }

        public int Bias { get; }
    }
}
