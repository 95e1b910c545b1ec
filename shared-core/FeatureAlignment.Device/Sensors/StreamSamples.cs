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
    private int newestLabel = -1;
    private bool isNewestRead;

    /// <summary>A stream that has no window yet.</summary>
    /// <param name="inputs">Values of a window, 1 or more.</param>
    /// <param name="replay">Kept windows of as many values; null for a stream that repeats the newest window.</param>
    /// <param name="classes">Classes that labels name, 0 for none.</param>
    public StreamSamples(int inputs, ReplayWindow? replay, int classes = 0)
    {
        ArgumentChecks.InRange(inputs, 1, 65_536, "Values of a window");
        ArgumentChecks.InRange(classes, 0, int.MaxValue, "Classes of the windows");
        Classes = classes;
        newest = new float[inputs];
        this.replay = replay;
    }

    /// <inheritdoc/>
    public int Count => EndlessCount;

    /// <inheritdoc/>
    public int Inputs => newest.Length;

    /// <inheritdoc/>
    public int Classes { get; }

    /// <summary>Takes the window that the next step is to learn, and offers it to be replayed.</summary>
    /// <param name="window">[inputs].</param>
    /// <param name="label">Its class, less than <see cref="Classes"/>; −1 without one.</param>
    public void Offer(ReadOnlySpan<float> window, int label = -1)
    {
        ArgumentChecks.SameLength(window.Length, newest.Length, nameof(window));
        ArgumentChecks.InRange(label, -1, Classes - 1, "Label of a window");
        window.CopyTo(newest);
        newestLabel = label;
        replay?.Offer(window, label);
        isNewestRead = false;
    }

    /// <inheritdoc/>
    public int Read(int sampleIndex, Span<float> features)
    {
        if (isNewestRead && replay is { Count: > 0 })
        {
            return replay.Choose(features);
        }

        newest.CopyTo(features);
        isNewestRead = true;
        return newestLabel;
    }
}
