using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Optimizers;

/// <summary>Three steps with gradients 1, −2 and 0.5 (downhill), worked out from the papers' formulas.</summary>
[TestFixture]
public sealed class OptimizerTests
{
    private const float Rate = 0.1f;

    // Values below 1 after three steps in single precision.
    private const double Rounding = 3e-7;

    private static readonly float[] Gradients = [1f, -2f, 0.5f];

    private static readonly string[] Forms = KernelForms.Chosen;

    [Test]
    public void Sgd_ThreeSteps_AddsRateTimesGradient([ValueSource(nameof(Forms))] string form)
    {
        // 3 + 0.1; - 0.2; + 0.05
        Assert.That(ThreeSteps(new Sgd(), form), Is.EqualTo(new[] { 3.1, 2.9, 2.95 }).Within(Rounding));
    }

    [Test]
    public void Momentum_ThreeSteps_AddsRateTimesVelocity([ValueSource(nameof(Forms))] string form)
    {
        // v = 1; 0.5 - 2 = -1.5; -0.75 + 0.5 = -0.25
        Assert.That(ThreeSteps(new Momentum(0.5f), form), Is.EqualTo(new[] { 3.1, 2.95, 2.925 }).Within(Rounding));
    }

    [Test]
    public void Adam_ThreeSteps_FollowsKingmaAndBa([ValueSource(nameof(Forms))] string form)
    {
        // Algorithm 1 of the paper with the gradient's sign turned; its ε is added to √v̂, ours to √v: no difference at these sizes.
        double theta = 3, m = 0, v = 0;
        var expected = new double[3];
        for (int t = 1; t <= 3; t++)
        {
            double g = Gradients[t - 1];
            m = (0.9 * m) + (0.1 * g);
            v = (0.999 * v) + (0.001 * g * g);
            double mHat = m / (1 - Math.Pow(0.9, t)), vHat = v / (1 - Math.Pow(0.999, t));
            theta += Rate * mHat / (Math.Sqrt(vHat) + 1e-8);
            expected[t - 1] = theta;
        }

        // 1 − 0.999 has lost four digits in single precision; they come back as the relative error of √v.
        const double AdamRounding = 1e-5;
        Assert.That(expected[0], Is.EqualTo(3.1).Within(1e-8), "the first step is the rate itself");
        Assert.That(ThreeSteps(new Adam(), form), Is.EqualTo(expected).Within(AdamRounding));
    }

    [Test]
    public void Adam_AfterVeryManySteps_NeedsNoCorrectionAnyMore()
    {
        float[] parameters = [0f], mean = [0.5f], square = [0.25f];
        new Adam().Update(KernelSet.Scalar, parameters, [0.5f], mean, square, Rate, 10_000_000_000);
        Assert.That(parameters[0], Is.EqualTo(Rate).Within(1e-6));
    }

    [Test]
    public void StatePerParameter_TellsWhatIsRemembered()
    {
        Assert.That(new Sgd().StatePerParameter, Is.Zero);
        Assert.That(new Momentum().StatePerParameter, Is.EqualTo(1));
        Assert.That(new Adam().StatePerParameter, Is.EqualTo(2));
        Assert.That(new Sgd().IsPlain);
        Assert.That(new Adam().IsPlain, Is.False);
    }

    [Test]
    public void Momentum_OutOfRange_IsRefused([Values(-0.1f, 1f, float.NaN)] float momentum)
    {
        Assert.That(() => new Momentum(momentum), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static double[] ThreeSteps(Optimizer optimizer, string form)
    {
        float[] parameters = [3f];
        float[] first = optimizer.StatePerParameter > 0 ? [0f] : [], second = optimizer.StatePerParameter > 1 ? [0f] : [];
        var path = new double[3];
        for (int step = 0; step < 3; step++)
        {
            optimizer.Update(KernelForms.Get(form), parameters, [Gradients[step]], first, second, Rate, step + 1);
            path[step] = parameters[0];
        }

        return path;
    }
}
