using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Optimizers;

namespace FeatureAlignment.Tests.Support;

/// <summary>Leaves the parameters alone and keeps the gradient (−∂C/∂θ) where an optimizer keeps its memory.</summary>
internal sealed class GradientRecorder : Optimizer
{
    public override int StatePerParameter => 1;

    public override void Update(
        KernelSet kernels, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        float learningRate, long stepNumber) => gradient.CopyTo(first);
}
