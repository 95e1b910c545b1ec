using System;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Tests.Support;

/// <summary>The activations in double precision, from the platform's own functions.</summary>
internal static class PlainActivation
{
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Identity => z,
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : 0.01f * z,
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
        Activation.Asinh => Math.Asinh(z),
        Activation.Softplus => Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    public static double Slope(Activation activation, double z) => activation switch
    {
        Activation.Identity => 1,
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.LeakyRelu => z > 0 ? 1 : 0.01f,
        Activation.Tanh => 1 / (Math.Cosh(z) * Math.Cosh(z)),
        Activation.Sigmoid => 1 / ((1 + Math.Exp(-z)) * (1 + Math.Exp(z))),
        Activation.Asinh => 1 / Math.Sqrt(1 + (z * z)),
        Activation.Softplus => 1 / (1 + Math.Exp(-z)),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>True when σ' jumps at 0.</summary>
    public static bool HasKink(Activation activation) => activation is Activation.Relu or Activation.LeakyRelu;
}
