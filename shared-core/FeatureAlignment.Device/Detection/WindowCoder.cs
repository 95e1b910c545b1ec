using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Device.Sensors;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// What the network makes of a window: latent values, reconstruction and class. Channels that are left out are completed first, by what the
/// network expects beside the other channels: taken as their mean, they would make healthy channels look wrong.
/// </summary>
public sealed class WindowCoder
{
    // Each round reconstructs the window and puts the result in the place of what is missing, which converges within a few.
    private const int CompletionRounds = 5;

    private readonly SampleCoder coder;
    private readonly float[] latents;
    private readonly float[] reconstruction;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="layers">The network's layers, first to last, resident; they may go on learning.</param>
    /// <param name="options">The rule's settings.</param>
    /// <param name="kernels">The arithmetic.</param>
    public WindowCoder(IReadOnlyList<DenseLayer> layers, AlignmentOptions options, KernelSet kernels)
    {
        coder = new SampleCoder(layers, options, kernels);
        latents = new float[coder.Latents];
        reconstruction = new float[coder.Inputs];
    }

    /// <summary>Outputs of the top layer.</summary>
    public ReadOnlySpan<float> Latents => latents;

    /// <summary>[inputs], decoded all the way down.</summary>
    public ReadOnlySpan<float> Reconstruction => reconstruction;

    /// <summary>What the network takes the window for, from 0; −1 before the first and when it learns no labels.</summary>
    public int PredictedClass { get; private set; } = -1;

    /// <summary>Encodes, decodes and classifies a window. Allocates nothing.</summary>
    /// <param name="window">The values of its left-out channels are replaced.</param>
    public void Run(SensorWindow window)
    {
        ArgumentChecks.NotNull(window, nameof(window));
        Recode(window);
        for (int round = 0; round < CompletionRounds && window.IsPartial; round++)
        {
            for (int channel = 0; channel < window.Channels; channel++)
            {
                if (window.IsLeftOut(channel))
                {
                    reconstruction.AsSpan(channel * window.Readings, window.Readings).CopyTo(window.Channel(channel));
                }
            }

            Recode(window);
        }

        PredictedClass = coder.Classify(window.Values);
    }

    private void Recode(SensorWindow window)
    {
        coder.Encode(window.Values, latents);
        coder.Decode(latents, reconstruction);
    }
}
