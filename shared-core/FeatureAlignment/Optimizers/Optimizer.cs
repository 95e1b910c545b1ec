using System;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Optimizers;

/// <summary>
/// Turns a gradient into a change of parameters. One instance serves all layers; what it remembers stands in <see cref="OptimizerState"/>.
/// </summary>
public abstract class Optimizer
{
    // LayerUpdate knows what the plain one does and leaves the gradient out; a stranger without memory would be taken for it.
    private protected Optimizer()
    {
    }

    /// <summary>Values remembered for each parameter: 0, 1 or 2.</summary>
    public abstract int StatePerParameter { get; }

    /// <summary>True when the update is parameters += rate · gradient and nothing else, so that it needs no gradient buffer.</summary>
    public bool IsPlain => StatePerParameter == 0;

    /// <summary>Changes parameters along a gradient that points downhill (−∂C/∂θ). Allocates nothing.</summary>
    /// <param name="kernels">The arithmetic in use.</param>
    /// <param name="parameters">[N], changed.</param>
    /// <param name="gradient">[N], the mean over the batch.</param>
    /// <param name="first">First remembered values, [N] or empty; changed.</param>
    /// <param name="second">Second remembered values, [N] or empty; changed.</param>
    /// <param name="learningRate">Greater than or equal to 0.</param>
    /// <param name="stepNumber">1-based count of this layer's updates, this one included.</param>
    public abstract void Update(
        KernelSet kernels, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float learningRate, long stepNumber);
}

/// <summary>Stochastic gradient descent: no memory beyond the parameters.</summary>
public sealed class Sgd : Optimizer
{
    /// <inheritdoc/>
    public override int StatePerParameter => 0;

    /// <inheritdoc/>
    public override void Update(
        KernelSet kernels, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float learningRate, long stepNumber)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] += learningRate * gradient[i];
        }
    }
}

/// <summary>Gradient descent with a velocity (Polyak 1964), as PyTorch's SGD with momentum: one value a parameter.</summary>
public sealed class Momentum : Optimizer
{
    private readonly float momentum;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="momentum">Share of the velocity that is kept, from 0 to below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The momentum is outside its range.</exception>
    public Momentum(float momentum = 0.9f)
    {
        if (!(momentum >= 0 && momentum < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), $"Momentum must be at least 0 and below 1; was {momentum}.");
        }

        this.momentum = momentum;
    }

    /// <inheritdoc/>
    public override int StatePerParameter => 1;

    /// <inheritdoc/>
    public override void Update(
        KernelSet kernels, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float learningRate, long stepNumber) => kernels.Momentum(parameters, gradient, first, learningRate, momentum);
}

/// <summary>Adam (Kingma and Ba 2015) with β1 = 0.9, β2 = 0.999, ε = 1e-8: two values a parameter.</summary>
public sealed class Adam : Optimizer
{
    private const float MeanDecay = 0.9f;
    private const float SquareDecay = 0.999f;
    private const float Epsilon = 1e-8f;

    /// <inheritdoc/>
    public override int StatePerParameter => 2;

    /// <inheritdoc/>
    public override void Update(
        KernelSet kernels, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float learningRate, long stepNumber)
    {
        double correction = Math.Sqrt(1 - Power(SquareDecay, stepNumber)) / (1 - Power(MeanDecay, stepNumber));
        kernels.Adam(
            parameters, gradient, first, second, (float)(learningRate * correction), new AdamCoefficients(MeanDecay, SquareDecay, Epsilon));
    }

    /// <summary>By squaring: Math.Pow differs between runtimes in the last digit.</summary>
    private static double Power(double value, long exponent)
    {
        double power = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            power = (exponent & 1) == 1 ? power * value : power;
            value *= value;
        }

        return power;
    }
}
