using System;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Alignment;

/// <summary>The rule by hand, and what it promises beside the gradient.</summary>
[TestFixture]
public sealed class AlignmentRuleTests
{
    private const ulong Seed = 19;

    // A handful of single-precision roundings of values up to 4.
    private const float Rounding = 2e-6f;

    private static readonly string[] Forms = KernelForms.Chosen;

    /// <summary>
    /// Relu, I = 2, O = 2, α = 1, η = 1, from zero:
    /// <code>
    /// x = [1, 2]   W = [[1, 0.5], [0.5, -1]]   b = [0.5, 1]
    /// a = W x + b = [1 + 1 + 0.5, 0.5 - 2 + 1] = [2.5, -0.5]      h = [2.5, 0]      σ'(a) = [1, 0]
    /// g = σ(b) = [0.5, 1]   d = σ'(b) = [1, 1]   σ'' = 0           s = d (h - g) = [2, -1]
    /// x̂ = Wᵀ s = [2·1 - 1·0.5, 2·0.5 + 1·1] = [1.5, 2]            e = x - x̂ = [-0.5, 0]
    /// feature loss ½ (2² + 1²) = 2.5                               alignment loss ½ · 0.25 = 0.125
    /// q = W e = [-0.5, -0.25]                                      up = q d σ'(a) = [-0.5, 0]
    /// -dW = s eᵀ + up xᵀ = [[-1, 0] + [-0.5, -1], [0.5, 0] + 0] = [[-1.5, -1], [0.5, 0]]
    /// -db = up - q d² = [-0.5 + 0.5, 0 + 0.25] = [0, 0.25]
    /// </code>
    /// </summary>
    [Test]
    public void Step_ExampleByHand_ReconstructionOnly([ValueSource(nameof(Forms))] string form)
    {
        var options = new AlignmentOptions { AlignmentWeight = 1 };
        var problem = new AlignmentProblem(new LayerSpec(2, 2, Activation.Relu), options, 1);
        new[] { 1f, 0.5f, 0.5f, -1f }.CopyTo(problem.Layer.WeightData, 0);
        new[] { 0.5f, 1f }.CopyTo(problem.Layer.Bias, 0);
        problem.Seen = problem.Clean = [[1, 2]];

        RuleOutcome outcome = problem.Step(KernelForms.Get(form), new Sgd(), learningRate: 0.5f);

        Assert.That(outcome.Output.Row(0).ToArray(), Is.EqualTo(new[] { 2.5f, 0f }));
        Assert.That(outcome.Loss, Is.EqualTo(new AlignmentLoss(2.5f, 0.125f, 0)));
        Assert.That(problem.Layer.WeightData, Is.EqualTo(new[] { 0.25f, 0f, 0.75f, -1f }));
        Assert.That(problem.Layer.Bias, Is.EqualTo(new[] { 0.5f, 1.125f }));
    }

    /// <summary>
    /// Identity, I = 1, O = 1, K = 2, α = 1, β = 2, η = 1, from zero, label 0:
    /// <code>
    /// x = 2   W̃ = [1, 0.5, 0.5]   b = 3      h = 5, g = 3, d = 1      s = 2
    /// x̂ = 2, e = 0         logits = [1, 1] + label bias [0, 0]         p = [½, ½]       cross-entropy ln 2
    /// ε = β (onehot - p) = [1, -1]           q = W e + Vᵀ ε = 0 + 0.5 - 0.5 = 0
    /// -dW = 0   -dV = s ε = [2, -2]   -db = q - q = 0   -d(label bias) = [1, -1]
    /// </code>
    /// </summary>
    [Test]
    public void Step_ExampleByHand_CompletedLabel([ValueSource(nameof(Forms))] string form)
    {
        var options = new AlignmentOptions { AlignmentWeight = 1, LabelWeight = 2 };
        var problem = new AlignmentProblem(new LayerSpec(1, 1, Activation.Identity, labelInputs: 2), options, 1);
        new[] { 1f, 0.5f, 0.5f }.CopyTo(problem.Layer.WeightData, 0);
        problem.Layer.Bias[0] = 3;
        problem.Seen = problem.Clean = [[2]];
        problem.Labels = [0];

        RuleOutcome outcome = problem.Step(KernelForms.Get(form), new Sgd(), learningRate: 0.25f);

        Assert.That(outcome.Loss.Label, Is.EqualTo(MathF.Log(2)).Within(Rounding));
        Assert.That(outcome.Loss.Alignment, Is.Zero);
        Assert.That(problem.Layer.WeightData, Is.EqualTo(new[] { 1f, 1f, 0f }).Within(Rounding));
        Assert.That(problem.Layer.Bias[0], Is.EqualTo(3f).Within(Rounding));
        Assert.That(problem.Layer.LabelBias, Is.EqualTo(new[] { 0.25f, -0.25f }).Within(Rounding));
    }

    [Test]
    public void Step_SingleStepForm_EqualsGeneralForm(
        [Values] Activation activation, [Values(1, 3, 40)] int batch, [ValueSource(nameof(Forms))] string form)
    {
        // A random guess that happens to be zero takes the general form.
        var spec = new LayerSpec(11, 13, activation, labelInputs: 4);
        var fast = AlignmentProblem.Random(spec, new AlignmentOptions { AlignmentWeight = 0.5f }, batch, Seed);
        var general = new AlignmentProblem(spec, fast.Options with { Guess = InputGuess.Random }, batch)
        {
            Seen = fast.Seen,
            Clean = fast.Clean,
            Labels = fast.Labels,
        };
        fast.Layer.WeightData.CopyTo(general.Layer.WeightData, 0);
        fast.Layer.Bias.CopyTo(general.Layer.Bias, 0);
        fast.Layer.LabelBias.CopyTo(general.Layer.LabelBias, 0);

        RuleOutcome one = fast.Gradient(KernelForms.Get(form)), other = general.Gradient(KernelForms.Get(form));

        Assert.Multiple(() =>
        {
            Tolerance.AssertClose(one.WeightGradient, Wide(other.WeightGradient), $"weights, seed {Seed}");
            Tolerance.AssertClose(one.BiasGradient, Wide(other.BiasGradient), $"bias, seed {Seed}");
            Tolerance.AssertClose(one.LabelBiasGradient, Wide(other.LabelBiasGradient), $"label bias, seed {Seed}");
            Tolerance.AssertClose([one.Loss.Feature], [other.Loss.Feature], "feature loss");
        });
    }

    [Test]
    public void Step_FromZeroGuess_KeepsReluBiasAboveItsFloor([Values(1, 2)] int steps, [Values(1, 20)] int batch)
    {
        DenseLayer kept = AfterALongStep(Activation.Relu, new AlignmentOptions { Steps = steps, SmallestReluBias = 0.25f }, batch);
        Assert.That(kept.Bias, Is.All.GreaterThanOrEqualTo(0.25f));
        Assert.That(kept.Bias, Has.Some.EqualTo(0.25f), "the step must be long enough to need the floor");
    }

    [Test]
    public void Step_WithoutFloorOrFromRandomGuess_LetsReluBiasFall()
    {
        Assert.That(AfterALongStep(Activation.Relu, new AlignmentOptions { SmallestReluBias = null }, 20).Bias, Has.Some.Negative);
        Assert.That(AfterALongStep(Activation.Relu, new AlignmentOptions { Guess = InputGuess.Random }, 20).Bias, Has.Some.Negative);
    }

    [Test]
    public void Step_OtherActivations_HaveNoFloor([Values] Activation activation)
    {
        var problem = new AlignmentProblem(new LayerSpec(1, 1, activation), new AlignmentOptions(), 1);
        problem.Layer.Bias[0] = -1;
        problem.Gradient(KernelSet.Scalar);
        Assert.That(problem.Layer.Bias[0] == -1, Is.EqualTo(activation != Activation.Relu));
    }

    [Test]
    public void Step_ShapesThatDoNotFit_AreRefusedByName()
    {
        var problem = new AlignmentProblem(new LayerSpec(3, 4, Activation.Tanh), new AlignmentOptions(), 2);
        problem.Seen = [[1, 2], [3, 4]];
        Assert.That(() => problem.Gradient(KernelSet.Scalar), Throws.ArgumentException.With.Message.Contains("[2 x 2]"));

        problem.Seen = problem.Clean = [[1, 2, 3], [4, 5, 6]];
        problem.Labels = [0];
        Assert.That(() => problem.Gradient(KernelSet.Scalar), Throws.ArgumentException.With.Message.Contains("1 labels"));
    }

    [Test]
    public void Step_NaNInput_GivesLossThatIsNotFinite([ValueSource(nameof(Forms))] string form, [Values(1, 2)] int steps)
    {
        AlignmentProblem problem = AlignmentProblem.Random(
            new LayerSpec(5, 4, Activation.Relu), new AlignmentOptions { Steps = steps }, 3, Seed);
        problem.Seen[1][2] = float.NaN;
        Assert.That(problem.Gradient(KernelForms.Get(form)).Loss.IsFinite, Is.False);
    }

    private static DenseLayer AfterALongStep(Activation activation, AlignmentOptions options, int batch)
    {
        var spec = new LayerSpec(6, 30, activation);
        AlignmentProblem problem = AlignmentProblem.Random(spec, options with { AlignmentWeight = 1 }, batch, Seed);
        for (int j = 0; j < problem.Layer.Bias.Length; j++)
        {
            problem.Layer.Bias[j] = 0.3f + (0.01f * j);
        }

        problem.Step(KernelSet.Best, new Sgd(), learningRate: 1);
        return problem.Layer;
    }

    private static double[] Wide(float[] values) => values.Select(value => (double)value).ToArray();
}
