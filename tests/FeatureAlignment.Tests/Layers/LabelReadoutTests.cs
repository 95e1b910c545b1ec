using System;
using FeatureAlignment.Layers;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Layers;

[TestFixture]
public sealed class LabelReadoutTests
{
    private const float Rounding = 1e-6f;

    [Test]
    public void Residual_LogitsByHand_IsOneHotMinusSoftmax()
    {
        // softmax(ln 1, ln 2, ln 5) = 1/8, 2/8, 5/8.
        float[] logits = [0, MathF.Log(2), MathF.Log(5)];
        float loss = LabelReadout.Residual(logits, 1);
        Assert.That(loss, Is.EqualTo(MathF.Log(4)).Within(Rounding));
        Assert.That(logits, Is.EqualTo(new[] { -0.125f, 0.75f, -0.625f }).Within(Rounding));
    }

    [Test]
    public void LogSoftmax_HugeLogits_StaysFinite()
    {
        float[] logits = [1e30f, 0, 1e30f];
        LabelReadout.LogSoftmax(logits);
        Assert.That(logits[0], Is.EqualTo(-MathF.Log(2)).Within(Rounding).Or.EqualTo(0f), "ln 2 vanishes beside 1e30");
        Assert.That(logits[1], Is.EqualTo(-1e30f));

        float[] small = [-1e4f, -1e4f];
        LabelReadout.LogSoftmax(small);
        Assert.That(small, Is.EqualTo(new[] { -MathF.Log(2), -MathF.Log(2) }).Within(1e-3f), "of 1e4, single precision keeps three places");
    }

    [Test]
    public void Residual_NaNLogit_GivesNaNLoss()
    {
        Assert.That(LabelReadout.Residual([0, float.NaN], 0), Is.NaN);
    }

    [TestCase(new[] { 1f, 3f, 2f }, 1)]
    [TestCase(new[] { 3f, 3f }, 0)]
    [TestCase(new[] { -5f }, 0)]
    [TestCase(new[] { float.NaN, float.NaN }, 0)]
    [TestCase(new[] { float.NegativeInfinity, -1e38f }, 1)]
    public void IndexOfLargest_GivesTheFirstOfTheLargest(float[] values, int expected)
    {
        Assert.That(LabelReadout.IndexOfLargest(values), Is.EqualTo(expected));
    }
}
