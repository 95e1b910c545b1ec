using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Evaluation;

/// <summary>Trained layers, first to last, and the settings that say how they predict.</summary>
public sealed class Network
{
    // Given spans, the board's runtime would copy each into an array of its own.
    private const int BlockBytes = 4096;

    /// <summary>Puts layers together.</summary>
    /// <param name="options">The settings they were trained with.</param>
    /// <param name="layers">First to last; each takes what the one before gives.</param>
    /// <exception cref="ArgumentException">There is no layer, or the widths do not fit.</exception>
    public Network(TrainingOptions options, IReadOnlyList<DenseLayer> layers)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        ArgumentChecks.NotNull(layers, nameof(layers));
        for (int i = 1; i < layers.Count; i++)
        {
            if (layers[i].Spec.Inputs != layers[i - 1].Spec.Outputs)
            {
                throw new ArgumentException(
                    $"Layer {i} must take the {layers[i - 1].Spec.Outputs} outputs of the one below; it takes {layers[i].Spec.Inputs}.",
                    nameof(layers));
            }
        }

        if (layers.Count == 0)
        {
            throw new ArgumentException("A network must have at least one layer; none was given.", nameof(layers));
        }

        Options = options;
        Layers = layers;
    }

    /// <summary>The settings of the training.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<DenseLayer> Layers { get; }

    /// <summary>True when layers reconstruct their input; a network that backpropagation trained does not.</summary>
    public bool Reconstructs => Options.Rule == LearningRule.Alignment;

    /// <summary>
    /// SHA-256 over all parameters as little-endian floats, layer by layer: W [O x I], b, V [K x O], label bias. In lower-case hexadecimal.
    /// </summary>
    public string ComputeDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        foreach (DenseLayer layer in Layers)
        {
            for (int j = 0; j < layer.Spec.Outputs; j++)
            {
                Append(hash, block, layer.InputWeights.Row(j));
            }

            Append(hash, block, layer.Bias);
            var labelRow = new float[layer.Spec.Outputs];
            for (int k = 0; k < layer.Spec.LabelInputs; k++)
            {
                for (int j = 0; j < labelRow.Length; j++)
                {
                    labelRow[j] = layer.Weights.Row(j)[layer.Spec.Inputs + k];
                }

                Append(hash, block, labelRow);
            }

            Append(hash, block, layer.LabelBias);
        }

        var text = new System.Text.StringBuilder();
        foreach (byte value in hash.GetHashAndReset())
        {
            text.Append(value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static void Append(IncrementalHash hash, byte[] block, ReadOnlySpan<float> values)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, block.Length);
            bytes.Slice(0, count).CopyTo(block);
            hash.AppendData(block, 0, count);
            bytes = bytes.Slice(count);
        }
    }
}
