using System;
using FeatureAlignment.Optimizers;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Optimizers;

[TestFixture]
public sealed class LearningRateScheduleTests
{
    private const float Rounding = 1e-7f;

    [TestCase(LearningRateDecay.Constant, 0, 0.5f)]
    [TestCase(LearningRateDecay.Constant, 2, 0.5f)]
    [TestCase(LearningRateDecay.Constant, 3, 0.5f)]
    [TestCase(LearningRateDecay.Linear, 0, 0.5f)]
    [TestCase(LearningRateDecay.Linear, 2, 0.25f)]
    [TestCase(LearningRateDecay.Linear, 3, 0.125f)]
    [TestCase(LearningRateDecay.Cosine, 0, 0.5f)]
    [TestCase(LearningRateDecay.Cosine, 2, 0.25f)]
    [TestCase(LearningRateDecay.Cosine, 3, 0.0732233f)] // ½ · ½ (1 + cos ¾π) = ¼ (1 − √½)
    public void RateAt_OfFourSteps_FollowsTheCurve(LearningRateDecay decay, long stepIndex, float expected)
    {
        Assert.That(new LearningRateSchedule(0.5f, decay).RateAt(stepIndex, 4), Is.EqualTo(expected).Within(Rounding));
    }

    [Test]
    public void RateAt_LastOfVeryManySteps_IsSmallButNotNegative(
        [Values(LearningRateDecay.Linear, LearningRateDecay.Cosine)] LearningRateDecay decay)
    {
        const long Steps = 3_000_000_000;
        Assert.That(new LearningRateSchedule(1, decay).RateAt(Steps - 1, Steps), Is.InRange(0f, 1e-6f));
    }

    [Test]
    public void Constructor_RateOutOfRange_IsRefused([Values(0f, -0.1f, float.NaN, float.PositiveInfinity)] float rate)
    {
        Assert.That(
            () => new LearningRateSchedule(rate, LearningRateDecay.Linear),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Learning rate must be greater than 0"));
    }

    [Test]
    public void RateAt_BelowTheFloor_IsTheFloor()
    {
        var schedule = new LearningRateSchedule(1, LearningRateDecay.Linear, floor: 0.25f);
        Assert.That(new[] { schedule.RateAt(0, 4), schedule.RateAt(2, 4), schedule.RateAt(3, 4), schedule.RateAt(9, 4) },
            Is.EqualTo(new[] { 1, 0.5f, 0.25f, 0.25f }));
    }

    [TestCase(-0.1f)]
    [TestCase(1.1f)]
    [TestCase(float.NaN)]
    public void Create_WithAFloorOutsideTheRates_Throws(float floor) =>
        Assert.That(
            () => new LearningRateSchedule(1, LearningRateDecay.Linear, floor),
            Throws.InstanceOf<System.ArgumentOutOfRangeException>());
}
