using System;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Tests.Support;

/// <summary>
/// The plain twin of the alignment rule: the loss of docs/algorithm.md, section 2, sample by sample in double precision. It knows no
/// gradient: that comes from finite differences.
/// </summary>
internal sealed class PlainAlignment
{
    private readonly LayerSpec spec;
    private readonly AlignmentOptions options;

    public PlainAlignment(LayerSpec spec, AlignmentOptions options)
    {
        this.spec = spec;
        this.options = options;
        Weights = new double[spec.Outputs * spec.RowLength];
        Bias = new double[spec.Outputs];
        LabelBias = new double[spec.LabelInputs];
    }

    /// <summary>W̃ = [W, Vᵀ], row-major [O x (I + K)].</summary>
    public double[] Weights { get; }

    public double[] Bias { get; }

    public double[] LabelBias { get; }

    /// <summary>Smallest magnitude of a pre-activation so far: how far the kink of a relu stays away.</summary>
    public double KinkDistance { get; private set; } = double.MaxValue;

    /// <summary>C: mean over the samples of α/2 ‖x − x̂‖² + β crossEntropy.</summary>
    /// <param name="seen">What the layer sees, [B][I].</param>
    /// <param name="clean">What it is to reconstruct, [B][I].</param>
    /// <param name="labels">[B], −1 for none.</param>
    /// <param name="guesses">r_0, [B][I].</param>
    public double Loss(double[][] seen, double[][] clean, int[] labels, double[][] guesses)
    {
        double sum = 0;
        for (int sample = 0; sample < seen.Length; sample++)
        {
            double[] r = Reconstruct(seen[sample], labels[sample], guesses[sample]);
            double squares = 0;
            for (int i = 0; i < spec.Inputs; i++)
            {
                squares += (clean[sample][i] - r[i]) * (clean[sample][i] - r[i]);
            }

            sum += options.AlignmentWeight * 0.5 * squares;
            if (spec.LabelInputs > 0 && labels[sample] >= 0)
            {
                double[] logits = LabelBias.Select((bias, k) => r[spec.Inputs + k] + bias).ToArray();
                sum += options.LabelWeight * (Math.Log(logits.Sum(Math.Exp)) - logits[labels[sample]]);
            }
        }

        return sum / seen.Length;
    }

    /// <summary>−∂C/∂(one parameter) by a central difference.</summary>
    public static double DownhillDifference(double[] parameters, int index, Func<double> loss)
    {
        // Errors of the order step² and 1e-16 / step: both near 1e-11.
        const double Step = 1e-5;
        double value = parameters[index];
        parameters[index] = value + Step;
        double above = loss();
        parameters[index] = value - Step;
        double below = loss();
        parameters[index] = value;
        return (below - above) / (2 * Step);
    }

    /// <summary>r_T, [I + K].</summary>
    private double[] Reconstruct(double[] x, int label, double[] guess)
    {
        double[] blankLabel = new double[spec.LabelInputs];
        double[] h = PreActivation(x.Concat(blankLabel).ToArray()).Select(a => PlainActivation.Value(spec.Activation, a)).ToArray();
        for (int j = 0; j < spec.ClassOutputs; j++)
        {
            h[j] = j == label ? 1 : 0;
        }

        double[] r = guess.Concat(blankLabel).ToArray();
        for (int t = 0; t < options.Steps; t++)
        {
            double[] c = PreActivation(r), next = (double[])r.Clone();
            for (int j = 0; j < spec.Outputs; j++)
            {
                double s = PlainActivation.Slope(spec.Activation, c[j]) * (h[j] - PlainActivation.Value(spec.Activation, c[j]));
                for (int i = 0; i < spec.RowLength; i++)
                {
                    next[i] += options.StepSize * s * Weights[(j * spec.RowLength) + i];
                }
            }

            r = next;
        }

        return r;
    }

    private double[] PreActivation(double[] input)
    {
        var result = new double[spec.Outputs];
        for (int j = 0; j < spec.Outputs; j++)
        {
            result[j] = Bias[j];
            for (int i = 0; i < spec.RowLength; i++)
            {
                result[j] += Weights[(j * spec.RowLength) + i] * input[i];
            }

            KinkDistance = Math.Min(KinkDistance, Math.Abs(result[j]));
        }

        return result;
    }
}
