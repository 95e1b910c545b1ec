using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Tests.Reference;
using FeatureAlignment.Tests.Support;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Alignment;

/// <summary>The rule against 58 cases computed in double precision by automatic differentiation through the feature steps.</summary>
[TestFixture]
public class AlignmentReferenceTests
{
    [Test]
    public void Reference_HoldsAllCases() => Assert.That(AlignmentCase.All().Count(), Is.EqualTo(58));

    [Test]
    public void Step_Batch_MatchesReference(
        [ValueSource(nameof(Cases))] AlignmentCase expected, [Values("scalar", "best")] string kernels)
    {
        AssertMatches(expected, kernels, expected.IsSingleStepFromZero());
    }

    [Test]
    public void Step_GeneralForm_MatchesReferenceWhereTheFastFormDoes(
        [ValueSource(nameof(SingleStepCases))] AlignmentCase expected, [Values("scalar", "best")] string kernels)
    {
        AssertMatches(expected, kernels, allowFastForm: false);
    }

    [Test]
    public void Step_SingleSamples_AverageToTheBatchGradient(
        [ValueSource(nameof(Cases))] AlignmentCase expected, [Values("scalar", "best")] string kernels)
    {
        var sum = new double[expected.Values("weights").Length];
        for (int sample = 0; sample < expected.Batch; sample++)
        {
            var run = new RuleRun(expected, kernels, expected.IsSingleStepFromZero(), firstSample: sample, count: 1);
            sum = sum.Zip(run.WeightGradient, (total, value) => total + (value / expected.Batch)).ToArray();
        }

        Tolerance.AssertClose(sum.Select(value => (float)value).ToArray(), expected.Values("gradWeights"), "gradWeights");
    }

    private static IEnumerable<AlignmentCase> Cases() => AlignmentCase.All();

    private static IEnumerable<AlignmentCase> SingleStepCases() => AlignmentCase.All().Where(one => one.IsSingleStepFromZero());

    private static void AssertMatches(AlignmentCase expected, string kernels, bool allowFastForm)
    {
        var run = new RuleRun(expected, kernels, allowFastForm, 0, expected.Batch);
        Assert.Multiple(() =>
        {
            if (!expected.IsClamped)
            {
                Tolerance.AssertClose(run.Output, expected.Values("output"), "output");
            }

            Tolerance.AssertClose(run.Reconstruction, expected.Values("reconstruction"), "reconstruction");
            Tolerance.AssertClose(run.WeightGradient, expected.Values("gradWeights"), "gradWeights");
            Tolerance.AssertClose(run.BiasGradient, expected.Values("gradBias"), "gradBias");
            // The reference sums the feature loss over the batch; ours is the mean, like the others.
            Tolerance.AssertClose([run.Loss.Feature * expected.Batch], [expected.Number("featureLoss")], "featureLoss");
            Tolerance.AssertClose([run.WeightedLoss], [expected.Number("loss")], "loss");
            if (expected.Has("gradLabelWeights"))
            {
                Tolerance.AssertClose(run.LabelWeightGradient, expected.Values("gradLabelWeights"), "gradLabelWeights");
                Tolerance.AssertClose(run.LabelBiasGradient, expected.Values("gradLabelBias"), "gradLabelBias");
            }
        });
    }

    /// <summary>One step on a recorded case; gradients have the reference's sign and shape.</summary>
    private sealed class RuleRun
    {
        public RuleRun(AlignmentCase expected, string kernelName, bool allowFastForm, int firstSample, int count)
        {
            KernelSet kernels = kernelName == "scalar" ? KernelSet.Scalar : KernelSet.Best;
            LayerSpec spec = expected.Layer;
            var layer = new DenseLayer(spec);
            float[] weights = expected.Floats("weights");
            float[] labelWeights = spec.LabelInputs > 0 ? expected.Floats("labelWeights") : [];
            for (int j = 0; j < spec.Outputs; j++)
            {
                weights.AsSpan(j * spec.Inputs, spec.Inputs).CopyTo(layer.InputWeights.Row(j));
                for (int k = 0; k < spec.LabelInputs; k++)
                {
                    layer.Weights.Row(j)[spec.Inputs + k] = labelWeights[(k * spec.Outputs) + j];
                }
            }

            expected.Floats("bias").CopyTo(layer.Bias, 0);
            if (spec.LabelInputs > 0)
            {
                expected.Floats("labelBias").CopyTo(layer.LabelBias, 0);
            }

            float[] guess = expected.Has("guess") ? expected.Floats("guess") : new float[expected.Batch * spec.Inputs];

            // A guess of zeros that calls itself random goes through the general form.
            bool fast = allowFastForm && guess.All(value => value == 0);
            var options = new AlignmentOptions
            {
                AlignmentWeight = (float)expected.Number("alignmentWeight"),
                LabelWeight = (float)expected.Number("labelWeight"),
                Steps = expected.Steps,
                StepSize = (float)expected.Number("stepSize"),
                Guess = fast ? InputGuess.Zero : InputGuess.Random,
            };
            LayerSpec[] layers = [spec];
            var optimizer = new GradientRecorder();
            var state = new OptimizerState(spec, optimizer.StatePerParameter);
            var workspace = new AlignmentWorkspace(layers, options, count, new UpdateWorkspace(layers, count, optimizer, 1));
            using var team = new ThreadTeam(1);
            AlignmentRule rule = AlignmentRule.Create(options, optimizer, kernels, team, workspace);
            if (!fast)
            {
                for (int sample = 0; sample < count; sample++)
                {
                    guess.AsSpan((firstSample + sample) * spec.Inputs, spec.Inputs).CopyTo(workspace.Guess(count, spec).Row(sample));
                }
            }

            Matrix input = new Matrix(expected.Floats("x"), expected.Batch, spec.Inputs).RowRange(firstSample, count);
            Output = new float[count * spec.Outputs];
            Loss = rule.Step(
                layer, state, input, input, expected.Labels.AsMemory(firstSample), new Matrix(Output, count, spec.Outputs),
                learningRate: 1);
            WeightedLoss = (options.AlignmentWeight * Loss.Alignment) + (options.LabelWeight * Loss.Label);

            var gradient = new Matrix(state.Weights(0).ToArray(), spec.Outputs, spec.RowLength);
            WeightGradient = new float[spec.Outputs * spec.Inputs];
            LabelWeightGradient = new float[spec.LabelInputs * spec.Outputs];
            for (int j = 0; j < spec.Outputs; j++)
            {
                for (int i = 0; i < spec.RowLength; i++)
                {
                    if (i < spec.Inputs)
                    {
                        WeightGradient[(j * spec.Inputs) + i] = -gradient.Row(j)[i];
                    }
                    else
                    {
                        LabelWeightGradient[((i - spec.Inputs) * spec.Outputs) + j] = -gradient.Row(j)[i];
                    }
                }
            }

            BiasGradient = state.Bias(0).ToArray().Select(value => -value).ToArray();
            LabelBiasGradient = state.LabelBias(0).ToArray().Select(value => -value).ToArray();

            // ρ = α (x − x̂): the reconstruction can be read back where α is not 0.
            Matrix residual = workspace.Residual(fast ? 0 : expected.Steps, count, spec.RowLength);
            Reconstruction = new float[count * spec.Inputs];
            for (int sample = 0; sample < count; sample++)
            {
                for (int i = 0; i < spec.Inputs; i++)
                {
                    Reconstruction[(sample * spec.Inputs) + i] = input.Row(sample)[i] - (residual.Row(sample)[i] / options.AlignmentWeight);
                }
            }
        }

        public AlignmentLoss Loss { get; }

        public float WeightedLoss { get; }

        public float[] Output { get; }

        public float[] Reconstruction { get; }

        public float[] WeightGradient { get; }

        public float[] BiasGradient { get; }

        public float[] LabelWeightGradient { get; }

        public float[] LabelBiasGradient { get; }
    }
}

internal static class AlignmentCaseExtensions
{
    public static bool IsSingleStepFromZero(this AlignmentCase one) =>
        one.Steps == 1 && (!one.Has("guess") || one.Values("guess").All(value => value == 0));
}
