using System;

namespace FeatureAlignment.Telemetry;

/// <summary>A small grey picture that went into the network, and what came back.</summary>
public sealed class TelemetryImage : IEquatable<TelemetryImage>
{
    private readonly byte[] input;
    private readonly byte[] output;

    /// <summary>Creates a pair of pictures; the pixels are copied.</summary>
    /// <param name="timeMilliseconds">Unix milliseconds of the device's clock, 0 (not set) to the end of the year 9999.</param>
    /// <param name="step">Samples seen in the run, 0 or more.</param>
    /// <param name="layer">Index of the layer that it comes back from, from 0; null for the whole network.</param>
    /// <param name="kind">What the output is, such as <c>reconstruction</c>; 1 to 64 of a-z, 0-9 and _.</param>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="input">[height x width] grey values, row by row, 0 black.</param>
    /// <param name="output">The same of what came back.</param>
    /// <param name="label">True class, from 0; null when unknown.</param>
    /// <param name="predicted">Class that the network says, from 0; null when it says none.</param>
    /// <exception cref="ArgumentException">One of them is out of its range, or the pixels are not width times height.</exception>
    public TelemetryImage(
        long timeMilliseconds, long step, int? layer, string kind, int width, int height,
        ReadOnlySpan<byte> input, ReadOnlySpan<byte> output, int? label = null, int? predicted = null)
    {
        TimeMilliseconds = ArgumentChecks.Time(timeMilliseconds, nameof(timeMilliseconds));
        Step = ArgumentChecks.AtLeast(step, 0, nameof(step));
        Layer = layer is int index ? ArgumentChecks.AtLeast(index, 0, nameof(layer)) : null;
        Kind = TelemetryNames.RequireName(kind, nameof(kind));
        Width = ArgumentChecks.AtLeast(width, 1, nameof(width));
        Height = ArgumentChecks.AtLeast(height, 1, nameof(height));
        Label = label is int known ? ArgumentChecks.AtLeast(known, 0, nameof(label)) : null;
        Predicted = predicted is int said ? ArgumentChecks.AtLeast(said, 0, nameof(predicted)) : null;
        this.input = Pixels(input, nameof(input));
        this.output = Pixels(output, nameof(output));
    }

    /// <summary>Unix milliseconds of the device's clock; 0 when it is not set.</summary>
    public long TimeMilliseconds { get; }

    /// <summary>Samples seen in the run.</summary>
    public long Step { get; }

    /// <summary>Index of the layer, from 0; null for the whole network.</summary>
    public int? Layer { get; }

    /// <summary>What the output is.</summary>
    public string Kind { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>[height x width] grey values, row by row.</summary>
    public ReadOnlyMemory<byte> Input => input;

    /// <summary>The same of what came back.</summary>
    public ReadOnlyMemory<byte> Output => output;

    /// <summary>True class, from 0; null when unknown.</summary>
    public int? Label { get; }

    /// <summary>Class that the network says, from 0; null when it says none.</summary>
    public int? Predicted { get; }

    /// <inheritdoc/>
    public bool Equals(TelemetryImage? other) => other is not null
        && (TimeMilliseconds, Step, Layer, Kind, Width, Height, Label, Predicted)
            == (other.TimeMilliseconds, other.Step, other.Layer, other.Kind, other.Width, other.Height, other.Label, other.Predicted)
        && input.AsSpan().SequenceEqual(other.input) && output.AsSpan().SequenceEqual(other.output);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TelemetryImage);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TimeMilliseconds, Step, Layer, Kind, Width, Height);

    private byte[] Pixels(ReadOnlySpan<byte> pixels, string name) => pixels.Length == (long)Width * Height
        ? pixels.ToArray()
        : throw new ArgumentException($"{name} must hold {Width} x {Height} = {(long)Width * Height} bytes; held {pixels.Length}.", name);
}
