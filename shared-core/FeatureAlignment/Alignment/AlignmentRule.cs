using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Alignment;

/// <summary>
/// Local feature alignment (Farias and Valério 2024; Farias and Maziero 2023, doi 10.3389/frai.2022.1025148): a layer reconstructs its own
/// input from its own output, and only its own parameters move. One step on one layer and one batch.
/// </summary>
/// <remarks>
/// <code>
/// u  = [x ; 0]                                     input and blank label          [B x (I + K)]
/// h  = σ(W̃ u + b)                                  the layer's output             [B x O]
/// L  = ½ ‖h − σ(W̃ r + b)‖²                         feature loss of a guess r
/// r ← r − η ∂L/∂r                                  feature step, T times: [x̂ ; logits]
/// C  = α ½ ‖x − x̂‖² + β crossEntropy(softmax(logits + label bias), y)
/// Δθ ∝ −∂C/∂θ                                      θ = W̃, b, label bias
/// </code>
/// B samples, I inputs, O outputs, K classes; samples stand in rows; ⊙ is element by element. Every variable that is called gradient,
/// residual or error here points downhill (it is −∂C/∂…). The equations are those of docs/algorithm.md.
/// <para>
/// Threads first share the samples (everything up to the residual), then the rows of W̃ (gradient and update). A step allocates nothing.
/// </para>
/// </remarks>
public abstract class AlignmentRule
{
    private readonly Action<int> reconstructBand;
    private readonly Action<int> updateBand;
    private readonly ThreadTeam team;
    private readonly bool keepsReluBias;
    private readonly float smallestReluBias;
    private ReadOnlyMemory<int> labels;
    private Matrix target;
    private int sampleWorkers;
    private int rowWorkers;
    private DenseLayer? layer;

    private protected AlignmentRule(
        AlignmentOptions options, Optimizer optimizer, KernelSet kernels, ThreadTeam team, AlignmentWorkspace workspace, int mostTerms)
    {
        Options = options;
        Kernels = kernels;
        Workspace = workspace;
        this.team = team;
        keepsReluBias = options.SmallestReluBias is not null && options.Guess == InputGuess.Zero;
        smallestReluBias = options.SmallestReluBias ?? 0;
        Update = new LayerUpdate(optimizer, kernels, workspace.Updates, mostTerms);
        reconstructBand = ReconstructBand;
        updateBand = UpdateBand;
    }

    private protected AlignmentOptions Options { get; }

    private protected KernelSet Kernels { get; }

    private protected AlignmentWorkspace Workspace { get; }

    private protected LayerUpdate Update { get; }

    private protected DenseLayer Layer => layer!;

    private protected Matrix Input { get; private set; }

    private protected Matrix Output { get; private set; }

    private protected int Batch => Input.Rows;

    /// <summary>Chooses the form for the given settings: the fast one for a single step from a zero guess, the general one
    /// otherwise.</summary>
    /// <param name="options">The rule's settings.</param>
    /// <param name="optimizer">Turns the gradient into a change.</param>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="team">The threads; shared, not owned.</param>
    /// <param name="workspace">The buffers; used by one rule at a time.</param>
    public static AlignmentRule Create(
        AlignmentOptions options, Optimizer optimizer, KernelSet kernels, ThreadTeam team, AlignmentWorkspace workspace)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        ArgumentChecks.NotNull(optimizer, nameof(optimizer));
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        ArgumentChecks.NotNull(team, nameof(team));
        ArgumentChecks.NotNull(workspace, nameof(workspace));
        return options.IsSingleStepFromZero
            ? new SingleStepAlignmentRule(options, optimizer, kernels, team, workspace)
            : new IteratedAlignmentRule(options, optimizer, kernels, team, workspace);
    }

    /// <summary>Learns from one batch.</summary>
    /// <param name="trainedLayer">Changed.</param>
    /// <param name="state">What the optimizer remembers of the layer; changed.</param>
    /// <param name="input">x, [B x I]: what the layer sees, with dropped pixels where they are wanted.</param>
    /// <param name="reconstructionTarget">[B x I]: what x̂ is compared with; the same view as <paramref name="input"/> when nothing is
    /// dropped.</param>
    /// <param name="sampleLabels">[at least B], from 0 to K − 1, or −1 for a sample without label; read when the layer has labels.</param>
    /// <param name="output">h before the update, [B x O], overwritten: the next layer's input. Class outputs hold the one-hot
    /// label.</param>
    /// <param name="learningRate">Greater than or equal to 0.</param>
    /// <returns>The losses before the update.</returns>
    /// <exception cref="ArgumentException">A shape does not fit the layer or the workspace.</exception>
    public AlignmentLoss Step(
        DenseLayer trainedLayer, OptimizerState state, in Matrix input, in Matrix reconstructionTarget, ReadOnlyMemory<int> sampleLabels,
        in Matrix output, float learningRate)
    {
        ArgumentChecks.NotNull(trainedLayer, nameof(trainedLayer));
        ArgumentChecks.NotNull(state, nameof(state));
        CheckShapes(trainedLayer.Spec, input, reconstructionTarget, sampleLabels, output);
        layer = trainedLayer;
        Input = input;
        Output = output;
        target = reconstructionTarget;
        labels = sampleLabels;

        // One block of a layer in storage is in memory at a time, so one thread works on it.
        sampleWorkers = layer.IsResident ? WorkShare.ThreadsFor(Batch, team.Count) : 1;
        rowWorkers = layer.IsResident ? WorkShare.ThreadsForRows(layer.Spec.Outputs, Batch, team.Count) : 1;
        Update.Begin(layer, state, learningRate);

        Prepare();
        team.Run(reconstructBand, sampleWorkers);
        SumLabelBiasGradient();
        team.Run(updateBand, rowWorkers);
        Update.ApplyLabelBias();
        return new AlignmentLoss(Mean(Workspace.FeatureLosses), Mean(Workspace.AlignmentLosses), Mean(Workspace.LabelLosses));
    }

    /// <summary>What all samples share; names the terms of the gradient.</summary>
    private protected abstract void Prepare();

    /// <summary>For samples [first, first + count): output, feature steps, and by <see cref="ReplaceByResidual"/> the residual.</summary>
    private protected abstract void Reconstruct(int firstSample, int count);

    /// <summary>For rows [first, first + count): the error at the pre-activation, the gradient of b, the update.</summary>
    private protected abstract void UpdateRows(int firstRow, int count, int workerIndex);

    /// <summary>
    /// [x̂ ; logits] becomes ρ = [α (x − x̂) ; β (onehot(y) − softmax(logits + label bias))], in place, for one sample.
    /// </summary>
    private protected void ReplaceByResidual(int sample, Span<float> reconstruction)
    {
        int inputs = Layer.Spec.Inputs;
        float sum = Kernels.ReplaceByResidual(target.Row(sample), reconstruction.Slice(0, inputs), Options.AlignmentWeight);
        Workspace.AlignmentLosses[sample] = 0.5f * sum;
        Workspace.LabelLosses[sample] = ReplaceByLabelResidual(sample, reconstruction.Slice(inputs));
    }

    /// <summary>The class neurons' output is replaced by the one-hot label, a constant: no slope, hence no gradient through it.</summary>
    private protected void ClampClassOutputs(int sample, int firstRow, Span<float> output, Span<float> slope)
    {
        for (int j = 0; j < output.Length && firstRow + j < Layer.Spec.ClassOutputs; j++)
        {
            output[j] = firstRow + j == labels.Span[sample] ? 1 : 0;
            slope[j] = 0;
        }
    }

    private float ReplaceByLabelResidual(int sample, Span<float> logits)
    {
        if (logits.IsEmpty)
        {
            return 0;
        }

        int label = labels.Span[sample];
        if (label < 0)
        {
            logits.Clear();
            return 0;
        }

        Spans.Add(Layer.LabelBias, logits);
        float loss = LabelReadout.Residual(logits, label);
        for (int k = 0; k < logits.Length; k++)
        {
            logits[k] *= Options.LabelWeight;
        }

        return loss;
    }

    /// <summary>The last residual of the last feature step, [B x (I + K)].</summary>
    private protected abstract Matrix LastResidual { get; }

    private void ReconstructBand(int workerIndex)
    {
        (int first, int count) = WorkShare.Of(Batch, workerIndex, sampleWorkers);
        Reconstruct(first, count);
    }

    private void UpdateBand(int workerIndex)
    {
        (int first, int count) = WorkShare.OfRows(Layer.Spec.Outputs, workerIndex, rowWorkers);
        UpdateRows(first, count, workerIndex);
        KeepReluAlive(first, count);
    }

    private void KeepReluAlive(int firstRow, int count)
    {
        if (keepsReluBias && Layer.Spec.Activation == Activation.Relu)
        {
            Span<float> bias = Layer.Bias.AsSpan(firstRow, count);
            for (int j = 0; j < bias.Length; j++)
            {
                bias[j] = Math.Max(bias[j], smallestReluBias);
            }
        }
    }

    private void SumLabelBiasGradient()
    {
        int inputs = Layer.Spec.Inputs;
        Span<float> gradient = Workspace.Updates.LabelBiasGradient.AsSpan(0, Layer.Spec.LabelInputs);
        gradient.Clear();
        for (int sample = 0; sample < Batch && !gradient.IsEmpty; sample++)
        {
            Spans.Add(LastResidual.Row(sample).Slice(inputs), gradient);
        }

        for (int k = 0; k < gradient.Length; k++)
        {
            gradient[k] /= Batch;
        }
    }

    private float Mean(float[] values)
    {
        double sum = 0;
        for (int i = 0; i < Batch; i++)
        {
            sum += values[i];
        }

        return (float)(sum / Batch);
    }

    private void CheckShapes(
        LayerSpec spec, in Matrix input, in Matrix reconstructionTarget, ReadOnlyMemory<int> sampleLabels, in Matrix output)
    {
        bool fits = input.Rows >= 1 && input.Rows <= Workspace.Batch && input.Columns == spec.Inputs
            && reconstructionTarget.Rows == input.Rows && reconstructionTarget.Columns == spec.Inputs
            && output.Rows == input.Rows && output.Columns == spec.Outputs && sampleLabels.Length >= input.Rows;
        if (!fits)
        {
            throw new ArgumentException(
                $"A step on a layer of {spec.Inputs} inputs and {spec.Outputs} outputs needs matrices of 1 to {Workspace.Batch} such rows "
                + $"and a label for each; was given [{input.Rows} x {input.Columns}], target [{reconstructionTarget.Rows} x "
                + $"{reconstructionTarget.Columns}], output [{output.Rows} x {output.Columns}], {sampleLabels.Length} labels.");
        }
    }
}
