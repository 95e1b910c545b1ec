using System;

namespace FeatureAlignment.Optimizers;

/// <summary>How the learning rate falls over a run.</summary>
public enum LearningRateDecay
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls along a line and would be 0 one step after the last.</summary>
    Linear,

    /// <summary>It falls along half a cosine (Loshchilov and Hutter 2017) and would be 0 one step after the last.</summary>
    Cosine,
}

/// <summary>The learning rate of every step of a run whose length is known.</summary>
public sealed record LearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initialRate">Rate of the first step, greater than 0.</param>
    /// <param name="decay">How it falls.</param>
    /// <param name="floor">Rate below which it never falls, from 0 to <paramref name="initialRate"/>: for an endless stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not greater than 0 and finite, or the floor is out of range.</exception>
    public LearningRateSchedule(float initialRate, LearningRateDecay decay, float floor = 0)
    {
        ArgumentChecks.PositiveAndFinite(initialRate, "Learning rate");
        if (!(floor >= 0 && floor <= initialRate))
        {
            throw new ArgumentOutOfRangeException(
                nameof(floor), $"Floor of the learning rate must be from 0 to the initial rate, {initialRate}; was {floor}.");
        }

        InitialRate = initialRate;
        Decay = decay;
        Floor = floor;
    }

    /// <summary>Rate of the first step.</summary>
    public float InitialRate { get; }

    /// <summary>How it falls.</summary>
    public LearningRateDecay Decay { get; }

    /// <summary>Rate below which it never falls.</summary>
    public float Floor { get; }

    /// <summary>The rate of one step.</summary>
    /// <param name="stepIndex">0-based, below <paramref name="stepCount"/>.</param>
    /// <param name="stepCount">Steps of the whole run.</param>
    public float RateAt(long stepIndex, long stepCount)
    {
        double passed = (double)stepIndex / stepCount;
        float rate = Decay switch
        {
            LearningRateDecay.Linear => (float)(InitialRate * (1 - passed)),
            LearningRateDecay.Cosine => (float)(InitialRate * 0.5 * (1 + ElementaryFunctions.Cos((float)(Math.PI * passed)))),
            _ => InitialRate,
        };
        return Math.Max(rate, Floor);
    }
}
