using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Layers;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Alignment;

/// <summary>The rule's gradient against central differences of the whole loss, which the plain twin computes in double precision.</summary>
[TestFixture]
public sealed class AlignmentGradientTests
{
    private const ulong Seed = 17;
    private const int Batch = 5;
    private const int Inputs = 4;
    private const int Outputs = 6;
    private const int Classes = 3;

    private static readonly string[] Forms = KernelForms.Chosen;

    private static readonly (int Steps, InputGuess Guess)[] Guesses = [(1, InputGuess.Zero), (2, InputGuess.Zero), (3, InputGuess.Random)];

    private static IEnumerable<TestCaseData> AllCases() =>
        from activation in Enum.GetValues<Activation>()
        from mode in new[] { "none", "completed", "clamped" }
        from guess in Guesses
        from kernels in KernelForms.Chosen
        select new TestCaseData(activation, mode, guess.Steps, guess.Guess, kernels);

    [TestCaseSource(nameof(AllCases))]
    public void Gradient_EveryActivationAndMode_MatchesFiniteDifferences(
        Activation activation, string mode, int steps, InputGuess guess, string kernels)
    {
        AlignmentProblem problem = AlignmentProblem.Random(Layer(activation, mode), Options(steps, guess), Batch, Seed);
        AssertGradientIsRight(problem, kernels);
    }

    [Test]
    public void Gradient_DroppedInputs_IsTakenAgainstTheCleanTarget([Values(1, 2)] int steps, [ValueSource(nameof(Forms))] string kernels)
    {
        AlignmentProblem problem = AlignmentProblem.Random(
            Layer(Activation.Tanh, "completed"), Options(steps, InputGuess.Zero), Batch, Seed);
        foreach (float[] row in problem.Seen)
        {
            row[1] = 0;
            row[3] *= 1.25f;
        }

        AssertGradientIsRight(problem, kernels);
    }

    [Test]
    public void Gradient_SamplesWithoutLabel_LeavesTheirLabelOut([Values(1, 2)] int steps, [ValueSource(nameof(Forms))] string kernels)
    {
        AlignmentProblem problem = AlignmentProblem.Random(
            Layer(Activation.Tanh, "completed"), Options(steps, InputGuess.Zero), Batch, Seed);
        problem.Labels = [-1, 2, -1, 0, -1];
        AssertGradientIsRight(problem, kernels);
    }

    [Test]
    public void Gradient_NoSampleWithLabel_LeavesTheLabelsParametersAlone([Values(1, 2)] int steps)
    {
        AlignmentProblem problem = AlignmentProblem.Random(
            Layer(Activation.Tanh, "completed"), Options(steps, InputGuess.Zero), Batch, Seed);
        Array.Fill(problem.Labels, -1);

        RuleOutcome outcome = problem.Gradient(KernelForms.Get("scalar"));

        Assert.That(outcome.LabelBiasGradient, Is.All.Zero);
        Assert.That(outcome.Loss.Label, Is.Zero);
        if (steps == 1)
        {
            // With more steps the label's guess feeds back into the reconstruction.
            Assert.That(outcome.WeightGradient.Where((_, i) => i % problem.Spec.RowLength >= Inputs), Is.All.Zero);
        }
    }

    [Test]
    public void Output_ClampedClasses_HoldsTheOneHotLabel([Values(1, 2)] int steps)
    {
        AlignmentProblem problem = AlignmentProblem.Random(Layer(Activation.Tanh, "clamped"), Options(steps, InputGuess.Zero), Batch, Seed);
        RuleOutcome outcome = problem.Gradient(KernelForms.Get("scalar"));

        for (int sample = 0; sample < Batch; sample++)
        {
            for (int j = 0; j < Classes; j++)
            {
                Assert.That(outcome.Output.Row(sample)[j], Is.EqualTo(problem.Labels[sample] == j ? 1f : 0f), $"one-hot [{sample}, {j}]");
            }
        }
    }

    private static AlignmentOptions Options(int steps, InputGuess guess) => new()
    {
        AlignmentWeight = 0.7f,
        LabelWeight = 0.9f,
        Steps = steps,
        StepSize = 0.8f,
        Guess = guess,
        SmallestReluBias = null,
    };

    private static LayerSpec Layer(Activation activation, string mode) =>
        new(Inputs, Outputs, activation, mode == "completed" ? Classes : 0, mode == "clamped" ? Classes : 0);

    private static void AssertGradientIsRight(AlignmentProblem problem, string kernels)
    {
        PlainAlignment twin = problem.CreateTwin();
        RuleOutcome outcome = problem.Gradient(KernelForms.Get(kernels));
        double[] Differences(double[] parameters) =>
            parameters.Select((_, i) => PlainAlignment.DownhillDifference(parameters, i, () => problem.Loss(twin))).ToArray();

        AlignmentOptions options = problem.Options;
        Assert.Multiple(() =>
        {
            double loss = (options.AlignmentWeight * outcome.Loss.Alignment) + (options.LabelWeight * outcome.Loss.Label);
            Assert.That(loss, Is.EqualTo(problem.Loss(twin)).Within(Tolerance.Reference * Math.Max(1, problem.Loss(twin))), "loss");
            // One scale for all parameters: an identity layer's bias, for one, has no gradient at all.
            float[] actual = [.. outcome.WeightGradient, .. outcome.BiasGradient, .. outcome.LabelBiasGradient];
            double[] expected = [.. Differences(twin.Weights), .. Differences(twin.Bias), .. Differences(twin.LabelBias)];
            Tolerance.AssertClose(actual, expected, $"weights, bias, label bias, seed {Seed}");
        });
    }
}
