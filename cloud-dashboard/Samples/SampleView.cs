using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Samples;

/// <summary>The pictures of a run at one moment: of every input the newest reconstruction until then, worst first.</summary>
/// <param name="Step">The moment.</param>
/// <param name="Place">Index of the moment among the steps at which pictures came.</param>
/// <param name="Moments">How many such steps there are.</param>
/// <param name="Samples">The pictures.</param>
public sealed record SampleView(long Step, int Place, int Moments, IReadOnlyList<Sample> Samples)
{
    /// <summary>Most pictures that are shown together; of more, the ones that came last.</summary>
    public const int MaxSamples = 48;

    /// <summary>Most steps that are looked through for inputs that the moment itself does not have.</summary>
    private const int MaxSteps = 16;

    /// <summary>Reads the pictures of a run. What it reads does not grow with the run.</summary>
    /// <param name="store">Has them.</param>
    /// <param name="runId">The run.</param>
    /// <param name="step">The moment: the last step at or before it; null for the newest.</param>
    /// <param name="place">The moment by its index, which then counts instead of <paramref name="step"/>.</param>
    /// <param name="cancellation">When nobody waits any more.</param>
    /// <returns>Null when the run has no pictures.</returns>
    public static async Task<SampleView?> ReadAsync(
        ITelemetryStore store, long runId, long? step, int? place, CancellationToken cancellation)
    {
        IReadOnlyList<long> steps = await store.ListImageStepsAsync(runId, cancellation);
        if (steps.Count == 0)
        {
            return null;
        }

        int at = place is int given ? Math.Clamp(given, 0, steps.Count - 1)
            : step is long wanted ? Math.Max(0, steps.Count(one => one <= wanted) - 1)
            : steps.Count - 1;
        var found = new Dictionary<(int?, string), Sample>();
        // Boards send the same inputs again and again: a step without a new one ends the search.
        bool isNew = true;
        for (int i = at; isNew && i >= 0 && at - i < MaxSteps && found.Count < MaxSamples; i--)
        {
            isNew = false;
            foreach (ImageRecord image in (await store.ListImagesAsync(runId, steps[i], MaxSamples, cancellation)).Reverse())
            {
                string input = Convert.ToHexString(SHA256.HashData(image.Content.Input.Span));
                isNew |= found.Count < MaxSamples && found.TryAdd((image.Content.Layer, input), new Sample(image));
            }
        }

        return new SampleView(steps[at], at, steps.Count, [.. found.Values.OrderByDescending(sample => sample.Error)]);
    }
}

/// <summary>A picture and what the network made of it.</summary>
public sealed class Sample(ImageRecord image)
{
    public TelemetryImage Image { get; } = image.Content;

    /// <summary>Mean squared error of a pixel, pixels from 0 to 1.</summary>
    public double Error { get; } = MeanSquare(image.Content.Input.Span, image.Content.Output.Span);

    public bool IsWrong => Image.Label is int label && Image.Predicted is int predicted && label != predicted;

    /// <summary>Address of the <see cref="SampleStrip"/>. It names step and time too, so that no other picture can ever have it.</summary>
    public string Address { get; } = FormattableString.Invariant(
        $"/runs/{image.RunId}/samples/{image.Id}.png?at={image.Content.Step}-{image.Content.TimeMilliseconds}");

    private static double MeanSquare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (a[i] - b[i]) / 255.0;
            sum += difference * difference;
        }

        return sum / a.Length;
    }
}
