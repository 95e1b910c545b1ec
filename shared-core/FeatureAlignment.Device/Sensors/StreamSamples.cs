using System;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Device.Sensors;

/// <summary>
/// A stream of windows as a trainer wants samples: practically without end, and each sample is the next one, whatever its number. A step
/// reads the newest window first and replayed ones after it, so its batch is 1 + the replayed windows a step. For one thread.
/// </summary>
public sealed class StreamSamples : ISampleSource
{
    // In batches of three, one a minute: 680 years.
    private const int EndlessCount = 1 << 30;

    private readonly float[] newest;
    private readonly ReplayWindow? replay;
    private bool isNewestRead;

    /// <summary>A stream that has no window yet.</summary>
    /// <param name="inputs">Values of a window, 1 or more.</param>
    /// <param name="replay">Kept windows of as many values; null for a stream that repeats the newest window.</param>
    public StreamSamples(int inputs, ReplayWindow? replay)
    {
        ArgumentChecks.InRange(inputs, 1, 65_536, "Values of a window");
        newest = new float[inputs];
        this.replay = replay;
    }

    /// <inheritdoc/>
    public int Count => EndlessCount;

    /// <inheritdoc/>
    public int Inputs => newest.Length;

    /// <inheritdoc/>
    public int Classes => 0;

    /// <summary>Takes the window that the next step is to learn, and offers it to be replayed.</summary>
    /// <param name="window">[inputs].</param>
    public void Offer(ReadOnlySpan<float> window)
    {
        ArgumentChecks.SameLength(window.Length, newest.Length, nameof(window));
        window.CopyTo(newest);
        replay?.Offer(window);
        isNewestRead = false;
    }

    /// <inheritdoc/>
    public int Read(int sampleIndex, Span<float> features)
    {
        if (isNewestRead && replay is { Count: > 0 })
        {
            replay.Choose(features);
        }
        else
        {
            newest.CopyTo(features);
            isNewestRead = true;
        }

        return -1;
    }
}
