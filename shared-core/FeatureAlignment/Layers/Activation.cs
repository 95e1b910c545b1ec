namespace FeatureAlignment.Layers;

/// <summary>The function σ that a layer applies to each of its pre-activations.</summary>
public enum Activation
{
    /// <summary>σ(z) = z: the authors' local training, a tied linear autoencoder.</summary>
    Identity,

    /// <summary>σ(z) = max(0, z).</summary>
    Relu,

    /// <summary>σ(z) = z for z &gt; 0, 0.01 z otherwise.</summary>
    LeakyRelu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>σ(z) = 1 / (1 + exp(−z)).</summary>
    Sigmoid,

    /// <summary>Inverse hyperbolic sine: σ(z) = ln(z + √(z² + 1)).</summary>
    Asinh,

    /// <summary>σ(z) = ln(1 + exp(z)).</summary>
    Softplus,
}
