using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Layers;

[TestFixture]
public sealed class WeightInitializerTests
{
    private const ulong Seed = 29;

    // Dot products of unit vectors of up to 100 values in single precision.
    private const double Orthogonality = 2e-6;

    [TestCase(20, 100)]
    [TestCase(64, 64)]
    [TestCase(1, 7)]
    public void Orthogonal_WideOrSquare_HasOrthonormalRows(int outputs, int inputs)
    {
        AssertGramIs(Create(outputs, inputs, InitialWeights.Orthogonal), ofRows: true, scale: 1);
    }

    [TestCase(64, 64, 1.0)]
    [TestCase(96, 32, 1.0)]
    [TestCase(30, 10, 4.0)]
    public void Orthogonal_WholeSets_HaveOrthogonalColumns(int outputs, int inputs, double gain)
    {
        // Each set of `inputs` rows is orthonormal, so Wᵀ W is the identity times gain².
        AssertGramIs(Create(outputs, inputs, InitialWeights.Orthogonal, (float)gain), ofRows: false, scale: gain * gain);
    }

    [Test]
    public void Orthogonal_TallWithPartOfASet_StaysNearTheIdentity()
    {
        // 2½ sets of 20 rows: the eigenvalues of Wᵀ W are 2 and 3 times 20/50.
        Matrix weights = Create(50, 20, InitialWeights.Orthogonal).InputWeights;
        double trace = 0;
        for (int j = 0; j < 50; j++)
        {
            trace += Dot(weights.Row(j), weights.Row(j));
        }

        Assert.That(trace, Is.EqualTo(20).Within(20 * Orthogonality));
    }

    [Test]
    public void He_HasVarianceTwoOverInputsAndMeanZero()
    {
        const int Inputs = 50, Outputs = 400;
        const double Expected = 4 * 2.0 / Inputs;
        float[] weights = Create(Outputs, Inputs, InitialWeights.He, gain: 2).WeightData;
        double sum = 0, squares = 0;
        foreach (float weight in weights)
        {
            sum += weight;
            squares += (double)weight * weight;
        }

        // Five standard errors: that of a variance is √(2 / n) of it.
        Assert.That(squares / weights.Length, Is.EqualTo(Expected).Within(5 * Math.Sqrt(2.0 / weights.Length) * Expected), $"seed {Seed}");
        Assert.That(sum / weights.Length, Is.Zero.Within(5 * Math.Sqrt(Expected / weights.Length)), $"seed {Seed}");
    }

    [Test]
    public void He_RowsNeedNoOtherRow()
    {
        Matrix few = Create(3, 20, InitialWeights.He).Weights, many = Create(9, 20, InitialWeights.He).Weights;
        for (int j = 0; j < 3; j++)
        {
            Assert.That(few.Row(j).ToArray(), Is.EqualTo(many.Row(j).ToArray()), $"row {j}");
        }
    }

    [Test]
    public void Weights_DifferByRowLayerAndSeed_AndRepeat([Values] InitialWeights kind)
    {
        DenseLayer layer = Create(4, 9, kind);
        Assert.That(layer.Weights.Row(0).ToArray(), Is.Not.EqualTo(layer.Weights.Row(1).ToArray()));
        Assert.That(Create(4, 9, kind, layerIndex: 1).WeightData, Is.Not.EqualTo(layer.WeightData));
        Assert.That(Create(4, 9, kind, seed: Seed + 1).WeightData, Is.Not.EqualTo(layer.WeightData));
        Assert.That(Create(4, 9, kind).WeightData, Is.EqualTo(layer.WeightData));
    }

    [Test]
    public void Initialize_UsedLayer_StartsLabelAtZeroAndReluBiasAboveIt([Values] Activation activation)
    {
        var layer = new DenseLayer(new LayerSpec(3, 4, activation, labelInputs: 2));
        Array.Fill(layer.WeightData, 7f);
        Array.Fill(layer.Bias, 7f);
        Array.Fill(layer.LabelBias, 7f);
        WeightInitializer.Initialize(layer, InitialWeights.Orthogonal, 1, Seed, 0);

        bool isRelu = activation is Activation.Relu or Activation.LeakyRelu;
        Assert.That(layer.Bias, Is.All.EqualTo(isRelu ? 0.05f : 0f));
        Assert.That(layer.LabelBias, Is.All.Zero);
        Assert.That(layer.Weights.ColumnRange(3, 2).Row(2).ToArray(), Is.All.Zero);
        Assert.That(layer.InputWeights.Row(2).ToArray(), Is.All.Not.EqualTo(7f));
    }

    [Test]
    public void Initialize_GainOutOfRange_IsRefused([Values(0f, -1f, float.NaN, float.PositiveInfinity)] float gain)
    {
        Assert.That(() => Create(2, 2, InitialWeights.He, gain), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static DenseLayer Create(int outputs, int inputs, InitialWeights kind, float gain = 1, ulong seed = Seed, int layerIndex = 0)
    {
        var layer = new DenseLayer(new LayerSpec(inputs, outputs, Activation.Tanh));
        WeightInitializer.Initialize(layer, kind, gain, seed, layerIndex);
        return layer;
    }

    private static void AssertGramIs(DenseLayer layer, bool ofRows, double scale)
    {
        Matrix w = layer.InputWeights;
        int size = ofRows ? w.Rows : w.Columns, length = ofRows ? w.Columns : w.Rows;
        for (int a = 0; a < size; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double sum = 0;
                for (int k = 0; k < length; k++)
                {
                    sum += ofRows ? (double)w.Row(a)[k] * w.Row(b)[k] : (double)w.Row(k)[a] * w.Row(k)[b];
                }

                Assert.That(sum, Is.EqualTo(a == b ? scale : 0).Within(Orthogonality * scale), $"[{a}, {b}], seed {Seed}");
            }
        }
    }

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }
}
