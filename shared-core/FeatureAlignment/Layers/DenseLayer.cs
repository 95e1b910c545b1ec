using System;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Layers;

/// <summary>
/// The parameters of one layer, x ↦ σ(W x + b). The label's weights stand in the same rows, W̃ = [W, Vᵀ] of [O x (I + K)]: a label is
/// K more inputs, so one matrix, one gradient and one update serve both (docs/algorithm.md, section on labels).
/// </summary>
public sealed class DenseLayer
{
    private readonly IRowStorage? storage;

    /// <summary>Allocates the layer with all parameters 0, its weights in memory.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="spec"/> is null.</exception>
    public DenseLayer(LayerSpec spec)
        : this(spec, null, spec?.Outputs ?? 0)
    {
    }

    /// <summary>Makes a layer whose weights stay in storage; a block of their rows is in memory at a time.</summary>
    /// <param name="spec">The shape.</param>
    /// <param name="storage">Where the rows are; used, not owned.</param>
    /// <param name="blockRows">Rows in memory at a time, from 1 to O, a multiple of <see cref="KernelSet.RowGroup"/> unless all.</param>
    /// <exception cref="ArgumentException">The block is not such a number.</exception>
    public DenseLayer(LayerSpec spec, IRowStorage? storage, int blockRows)
    {
        ArgumentChecks.NotNull(spec, nameof(spec));
        ArgumentChecks.InRange(blockRows, 1, spec.Outputs, "Number of rows in memory");
        if (blockRows != spec.Outputs && blockRows % KernelSet.RowGroup != 0)
        {
            throw new ArgumentException(
                $"Rows in memory must be a multiple of {KernelSet.RowGroup}, so that sums are grouped alike; was {blockRows}.",
                nameof(blockRows));
        }

        Spec = spec;
        this.storage = storage;
        BlockRows = blockRows;
        WeightData = new float[blockRows * spec.RowLength];
        Bias = new float[spec.Outputs];
        LabelBias = new float[spec.LabelInputs];
    }

    /// <summary>The layer's shape.</summary>
    public LayerSpec Spec { get; }

    /// <summary>
    /// W̃ = [W, Vᵀ], row-major [O x (I + K)]: row j holds W[j, ·], then V[·, j]. With weights in storage the block of rows loaded last.
    /// </summary>
    public float[] WeightData { get; }

    /// <summary>True when all weights are in memory.</summary>
    public bool IsResident => storage is null;

    /// <summary>Rows that <see cref="LoadRows"/> brings at most: all of them when the layer is resident.</summary>
    public int BlockRows { get; }

    /// <summary>b, [O].</summary>
    public float[] Bias { get; }

    /// <summary>Bias of the label's logits, [K].</summary>
    public float[] LabelBias { get; }

    /// <summary>W̃, [O x (I + K)]; of a resident layer only.</summary>
    /// <exception cref="InvalidOperationException">The weights are in storage.</exception>
    public Matrix Weights => IsResident
        ? new(WeightData, Spec.Outputs, Spec.RowLength)
        : throw new InvalidOperationException("Weights in storage must be loaded a block of rows at a time; call LoadRows.");

    /// <summary>W, [O x I]: the part of <see cref="Weights"/> that meets the inputs.</summary>
    public Matrix InputWeights => Weights.ColumnRange(0, Spec.Inputs);

    /// <summary>Brings rows of W̃ into memory; with weights in storage the rows loaded before are forgotten.</summary>
    /// <param name="firstRow">0-based.</param>
    /// <param name="rowCount">Up to <see cref="BlockRows"/>.</param>
    /// <returns>[rowCount x (I + K)], valid until the next call.</returns>
    public Matrix LoadRows(int firstRow, int rowCount)
    {
        if (storage is null)
        {
            return Weights.RowRange(firstRow, rowCount);
        }

        storage.Read(firstRow, WeightData.AsSpan(0, rowCount * Spec.RowLength));
        return new Matrix(WeightData, rowCount, Spec.RowLength);
    }

    /// <summary>Keeps the rows that were loaded last and have been changed since.</summary>
    /// <param name="firstRow">As in <see cref="LoadRows"/>.</param>
    /// <param name="rowCount">As in <see cref="LoadRows"/>.</param>
    public void SaveRows(int firstRow, int rowCount) => storage?.Write(firstRow, WeightData.AsSpan(0, rowCount * Spec.RowLength));

    /// <summary>Rows whose bias leaves σ'(b) = 0: with a zero guess they get no gradient, now or ever.</summary>
    public int CountDeadNeurons()
    {
        int dead = 0;
        if (ActivationFunctions.CanDie(Spec.Activation))
        {
            foreach (float bias in Bias)
            {
                dead += bias > 0 ? 0 : 1;
            }
        }

        return dead;
    }
}
