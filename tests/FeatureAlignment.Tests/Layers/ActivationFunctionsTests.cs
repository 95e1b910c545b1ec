using System;
using System.Collections.Generic;
using FeatureAlignment.Layers;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Layers;

[TestFixture]
public sealed class ActivationFunctionsTests
{
    // Values are right to the last place; slopes and curvatures made from them in single precision to a few units of 1.
    private const double ValueRounding = 1e-7;
    private const double DerivativeRounding = 5e-7;

    private static readonly float[] Points = [-30, -8.5f, -3, -1, -0.25f, -1e-3f, 1e-3f, 0.25f, 1, 3, 8.5f, 30];

    [Test]
    public void Derivatives_OfEveryActivation_MatchFiniteDifferencesInDouble([Values] Activation activation)
    {
        const double Step = 1e-5;
        (float[] y, float[] slope, float[] curvature) = Apply(activation, Points);
        for (int i = 0; i < Points.Length; i++)
        {
            double z = Points[i];
            double above = PlainActivation.Value(activation, z + Step), below = PlainActivation.Value(activation, z - Step);
            double slopeAbove = PlainActivation.Slope(activation, z + Step), slopeBelow = PlainActivation.Slope(activation, z - Step);
            Assert.That(
                y[i], Is.EqualTo(PlainActivation.Value(activation, z)).Within(ValueRounding * Math.Max(1, Math.Abs(z))), $"value at {z}");
            Assert.That(slope[i], Is.EqualTo((above - below) / (2 * Step)).Within(DerivativeRounding), $"slope at {z}");
            Assert.That(curvature[i], Is.EqualTo((slopeAbove - slopeBelow) / (2 * Step)).Within(DerivativeRounding), $"curvature at {z}");
        }
    }

    /// <summary>σ, σ' and σ'' by hand: logistic at ln 3 is ¾, tanh at ln 2 is 3/5, asinh at ¾ is ln 2, softplus at ln 3 is ln 4.</summary>
    private static IEnumerable<TestCaseData> HandValues()
    {
        float ln2 = (float)Math.Log(2), ln3 = (float)Math.Log(3);
        yield return new TestCaseData(Activation.Identity, -2f, -2.0, 1.0, 0.0);
        yield return new TestCaseData(Activation.Relu, 2f, 2.0, 1.0, 0.0);
        yield return new TestCaseData(Activation.Relu, -2f, 0.0, 0.0, 0.0);
        yield return new TestCaseData(Activation.Relu, 0f, 0.0, 0.0, 0.0);
        yield return new TestCaseData(Activation.LeakyRelu, 2f, 2.0, 1.0, 0.0);
        yield return new TestCaseData(Activation.LeakyRelu, -2f, -0.02, 0.01, 0.0);
        yield return new TestCaseData(Activation.Tanh, ln2, 3.0 / 5, 16.0 / 25, -2 * (3.0 / 5) * (16.0 / 25));
        yield return new TestCaseData(Activation.Sigmoid, ln3, 3.0 / 4, 3.0 / 16, -3.0 / 32);
        yield return new TestCaseData(Activation.Asinh, 0.75f, Math.Log(2), 4.0 / 5, -0.75 * 64 / 125);
        yield return new TestCaseData(Activation.Softplus, ln3, Math.Log(4), 3.0 / 4, 3.0 / 16);
    }

    [TestCaseSource(nameof(HandValues))]
    public void Values_WorkedOutByHand_AreMet(Activation activation, float z, double value, double expectedSlope, double expectedCurvature)
    {
        (float[] y, float[] slope, float[] curvature) = Apply(activation, [z]);
        Assert.That(y[0], Is.EqualTo(value).Within(DerivativeRounding));
        Assert.That(slope[0], Is.EqualTo(expectedSlope).Within(DerivativeRounding));
        Assert.That(curvature[0], Is.EqualTo(expectedCurvature).Within(DerivativeRounding));
    }

    [Test]
    public void Apply_NaN_GivesNaN([Values] Activation activation)
    {
        (float[] y, _, _) = Apply(activation, [1, float.NaN, -1]);
        Assert.That(y[1], Is.NaN);
        Assert.That(y[0], Is.Not.NaN);
        Assert.That(y[2], Is.Not.NaN);
    }

    [Test]
    public void Forms_InPlaceOrNot_AgreeToTheBit([Values] Activation activation)
    {
        (float[] y, float[] slope, _) = Apply(activation, Points);
        float[] plain = new float[Points.Length], inPlace = (float[])Points.Clone(), inPlaceWithSlope = (float[])Points.Clone();
        var otherSlope = new float[Points.Length];
        ActivationFunctions.Apply(activation, Points, plain);
        ActivationFunctions.Apply(activation, inPlace, inPlace);
        ActivationFunctions.ApplyWithSlope(activation, inPlaceWithSlope, inPlaceWithSlope, otherSlope);

        Assert.That(plain, Is.EqualTo(y));
        Assert.That(inPlace, Is.EqualTo(y));
        Assert.That(inPlaceWithSlope, Is.EqualTo(y));
        Assert.That(otherSlope, Is.EqualTo(slope));
    }

    [Test]
    public void Apply_WrongLengthOrUnknownActivation_IsRefused()
    {
        Assert.That(() => ActivationFunctions.Apply(Activation.Tanh, new float[3], new float[2]), Throws.ArgumentException);
        Assert.That(
            () => ActivationFunctions.ApplyWithSlope(Activation.Tanh, new float[3], new float[3], new float[2]),
            Throws.ArgumentException);
        Assert.That(
            () => ActivationFunctions.ApplyWithDerivatives(Activation.Tanh, new float[3], new float[3], new float[3], new float[4]),
            Throws.ArgumentException);
        Assert.That(
            () => ActivationFunctions.Apply((Activation)99, new float[3], new float[3]),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static (float[] Y, float[] Slope, float[] Curvature) Apply(Activation activation, float[] z)
    {
        float[] y = new float[z.Length], slope = new float[z.Length], curvature = new float[z.Length];
        ActivationFunctions.ApplyWithDerivatives(activation, z, y, slope, curvature);
        return (y, slope, curvature);
    }
}
