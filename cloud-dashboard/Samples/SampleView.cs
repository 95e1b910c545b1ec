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
/// <param name="Steps">Steps at which pictures came, earliest first.</param>
/// <param name="Place">Index of the moment in <paramref name="Steps"/>.</param>
/// <param name="Samples">The pictures.</param>
public sealed record SampleView(IReadOnlyList<long> Steps, int Place, IReadOnlyList<Sample> Samples)
{
    /// <summary>Most pictures that are shown together; of more, the ones that came last.</summary>
    public const int MaxSamples = 48;

    private const int PageSize = 500;

    /// <summary>Reads the pictures of a run.</summary>
    /// <param name="store">Has them.</param>
    /// <param name="runId">The run.</param>
    /// <param name="step">The moment: the last step at or before it; null for the newest.</param>
    /// <param name="cancellation">When nobody waits any more.</param>
    public static async Task<SampleView> ReadAsync(ITelemetryStore store, long runId, long? step, CancellationToken cancellation)
    {
        var images = new List<TelemetryImage>();
        IReadOnlyList<ImageRecord> page;
        long after = 0;
        do
        {
            page = await store.ListImagesAsync(runId, after, PageSize, cancellation);
            images.AddRange(page.Select(one => one.Content));
            after = page.Count > 0 ? page[^1].Id : after;
        }
        while (page.Count == PageSize);
        return Of(images, step);
    }

    /// <summary>The same from pictures in order of arrival.</summary>
    internal static SampleView Of(IReadOnlyList<TelemetryImage> images, long? step)
    {
        long[] steps = [.. images.Select(image => image.Step).Distinct().Order()];
        if (steps.Length == 0)
        {
            return new SampleView(steps, 0, []);
        }

        int place = step is long wanted ? Math.Max(0, Array.FindLastIndex(steps, one => one <= wanted)) : steps.Length - 1;
        IEnumerable<TelemetryImage> newest = images.Where(image => image.Step <= steps[place])
            .GroupBy(image => Convert.ToHexString(SHA256.HashData(image.Input.Span)))
            .Select(group => group.MaxBy(image => image.Step)!)
            .OrderByDescending(image => image.Step).Take(MaxSamples);
        return new SampleView(steps, place, [.. newest.Select(image => new Sample(image)).OrderByDescending(sample => sample.Error)]);
    }
}

/// <summary>A picture and what the network made of it.</summary>
public sealed class Sample(TelemetryImage image)
{
    public TelemetryImage Image { get; } = image;

    /// <summary>Mean squared error of a pixel, pixels from 0 to 1.</summary>
    public double Error { get; } = MeanSquare(image.Input.Span, image.Output.Span);

    public bool IsWrong => Image.Label is int label && Image.Predicted is int predicted && label != predicted;

    /// <summary>Address of the input as a picture.</summary>
    public string Input => Address(Image.Input.Span);

    /// <summary>Address of the reconstruction as a picture.</summary>
    public string Output => Address(Image.Output.Span);

    /// <summary>Address of the differences as a picture: bright where the reconstruction is wrong.</summary>
    public string Difference
    {
        get
        {
            byte[] difference = new byte[Image.Input.Length];
            for (int i = 0; i < difference.Length; i++)
            {
                difference[i] = (byte)Math.Abs(Image.Input.Span[i] - Image.Output.Span[i]);
            }

            return Address(difference);
        }
    }

    private string Address(ReadOnlySpan<byte> pixels) =>
        "data:image/png;base64," + Convert.ToBase64String(GrayPng.Write(pixels, Image.Width));

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
