using System;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Tests.Support;

/// <summary>A layer and a batch, random or given, that the rule and its plain twin can both work on.</summary>
internal sealed class AlignmentProblem
{
    public AlignmentProblem(LayerSpec spec, AlignmentOptions options, int batch)
    {
        Spec = spec;
        Options = options;
        Layer = new DenseLayer(spec);
        Seen = Clean = Rows(batch, spec.Inputs);
        Guesses = Rows(batch, spec.Inputs);
        Labels = Enumerable.Repeat(-1, batch).ToArray();
    }

    public LayerSpec Spec { get; }

    public AlignmentOptions Options { get; }

    public DenseLayer Layer { get; }

    public float[][] Seen { get; set; }

    public float[][] Clean { get; set; }

    public float[][] Guesses { get; set; }

    public int[] Labels { get; set; }

    public int Batch => Seen.Length;

    /// <summary>Draws everything anew until no pre-activation is near the kink of a relu, where no derivative exists.</summary>
    public static AlignmentProblem Random(LayerSpec spec, AlignmentOptions options, int batch, ulong seed)
    {
        // Finite differences move a pre-activation by less than 1e-4.
        const double SmallestKinkDistance = 1e-3;
        for (ulong stream = 0; ; stream++)
        {
            var problem = new AlignmentProblem(spec, options, batch);
            problem.Draw(new RandomSource(seed, stream));
            PlainAlignment twin = problem.CreateTwin();
            problem.Loss(twin);
            if (!PlainActivation.HasKink(spec.Activation) || twin.KinkDistance > SmallestKinkDistance)
            {
                return problem;
            }
        }
    }

    public PlainAlignment CreateTwin()
    {
        var twin = new PlainAlignment(Spec, Options);
        Layer.WeightData.Select(value => (double)value).ToArray().CopyTo(twin.Weights, 0);
        Layer.Bias.Select(value => (double)value).ToArray().CopyTo(twin.Bias, 0);
        Layer.LabelBias.Select(value => (double)value).ToArray().CopyTo(twin.LabelBias, 0);
        return twin;
    }

    public double Loss(PlainAlignment twin) => twin.Loss(Wide(Seen), Wide(Clean), Labels, Wide(Guesses));

    /// <summary>One step of the rule.</summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="optimizer">What becomes of the gradient; the layer itself changes.</param>
    /// <param name="learningRate">The rate.</param>
    public RuleOutcome Step(KernelSet kernels, Optimizer optimizer, float learningRate)
    {
        LayerSpec[] layers = [Spec];
        var state = new OptimizerState(Spec, optimizer.StatePerParameter);
        var workspace = new AlignmentWorkspace(layers, Options, Batch, new UpdateWorkspace(layers, Batch, optimizer, 1));
        using var team = new ThreadTeam(1);
        AlignmentRule rule = AlignmentRule.Create(Options, optimizer, kernels, team, workspace);
        if (Options.Guess == InputGuess.Random)
        {
            for (int sample = 0; sample < Batch; sample++)
            {
                Guesses[sample].CopyTo(workspace.Guess(Batch, Spec).Row(sample));
            }
        }

        var output = new Matrix(new float[Batch * Spec.Outputs], Batch, Spec.Outputs);
        AlignmentLoss loss = rule.Step(Layer, state, Join(Seen), Join(Clean), Labels, output, learningRate);
        return new RuleOutcome(loss, output, state);
    }

    /// <summary>−∂C/∂θ by the rule; the layer stays as it is, but for the floor of relu biases.</summary>
    public RuleOutcome Gradient(KernelSet kernels) => Step(kernels, new GradientRecorder(), learningRate: 1);

    private void Draw(RandomSource random)
    {
        Fill(random, Layer.WeightData, 0.6f);
        Fill(random, Layer.Bias, 0.4f);
        Fill(random, Layer.LabelBias, 0.4f);
        foreach (float[] row in Seen)
        {
            Fill(random, row, 1);
        }

        Clean = Seen.Select(row => (float[])row.Clone()).ToArray();
        if (Options.Guess == InputGuess.Random)
        {
            foreach (float[] row in Guesses)
            {
                Fill(random, row, 0.7f);
            }
        }

        int classes = Math.Max(Spec.LabelInputs, Spec.ClassOutputs);
        if (classes > 0)
        {
            Labels = Labels.Select(_ => random.NextInt32(classes)).ToArray();
        }
    }

    private static void Fill(RandomSource random, float[] values, float scale)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = scale * random.NextNormal();
        }
    }

    private static float[][] Rows(int rows, int columns) => Enumerable.Range(0, rows).Select(_ => new float[columns]).ToArray();

    private static double[][] Wide(float[][] rows) => rows.Select(row => row.Select(value => (double)value).ToArray()).ToArray();

    private static Matrix Join(float[][] rows) => new(rows.SelectMany(row => row).ToArray(), rows.Length, rows[0].Length);
}

/// <summary>What a step gave; the state holds the gradient when a <see cref="GradientRecorder"/> took it.</summary>
internal sealed record RuleOutcome(AlignmentLoss Loss, Matrix Output, OptimizerState State)
{
    public float[] WeightGradient => State.Weights(0).ToArray();

    public float[] BiasGradient => State.Bias(0).ToArray();

    public float[] LabelBiasGradient => State.LabelBias(0).ToArray();
}
