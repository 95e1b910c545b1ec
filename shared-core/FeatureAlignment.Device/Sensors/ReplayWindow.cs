using System;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Sensors;

/// <summary>
/// A ring of past windows that are learned again beside each new one. It keeps every n-th window, so that a small ring reaches back far
/// enough to remind the network of the night by day.
/// </summary>
public sealed class ReplayWindow : ICheckpointPart
{
    // Keeps this stream of random numbers apart from those of the network, which has the same seed.
    private const ulong ReplaySalt = 0x7265_706C_6179_0000;

    private readonly float[] windows;
    private readonly int inputs;
    private readonly int keepEvery;
    private readonly RandomSource random;
    private int next;
    private int sinceKept;

    /// <summary>Allocates the ring.</summary>
    /// <param name="capacity">Windows that are kept, 1 or more.</param>
    /// <param name="inputs">Values of a window, 1 or more.</param>
    /// <param name="keepEvery">Of so many windows one is kept, the first; 1 or more.</param>
    /// <param name="seed">Seed of the choice.</param>
    public ReplayWindow(int capacity, int inputs, int keepEvery, ulong seed)
    {
        ArgumentChecks.InRange(capacity, 1, 65_536, "Kept windows");
        ArgumentChecks.InRange(inputs, 1, 65_536, "Values of a window");
        ArgumentChecks.InRange(keepEvery, 1, int.MaxValue, "Windows of which one is kept");
        this.inputs = inputs;
        this.keepEvery = keepEvery;
        windows = new float[capacity * inputs];
        random = new RandomSource(seed, ReplaySalt);
    }

    /// <inheritdoc/>
    public string Name => "replay";

    /// <inheritdoc/>
    public string Kind => "replay";

    /// <summary>Most windows that are kept.</summary>
    public int Capacity => windows.Length / inputs;

    /// <summary>Windows that are kept now.</summary>
    public int Count { get; private set; }

    /// <summary>Of so many windows one is kept, for a ring that reaches back a given time.</summary>
    /// <param name="capacity">Windows that are kept.</param>
    /// <param name="windowStep">Time from one window to the next.</param>
    /// <param name="reach">Age of the oldest kept window.</param>
    public static int Spacing(int capacity, TimeSpan windowStep, TimeSpan reach) =>
        (int)Math.Max(1, Math.Min(int.MaxValue, reach.Ticks / windowStep.Ticks / capacity));

    /// <summary>Takes a window; keeps it in place of the oldest one if its turn has come.</summary>
    /// <param name="window">[inputs].</param>
    public void Offer(ReadOnlySpan<float> window)
    {
        ArgumentChecks.SameLength(window.Length, inputs, nameof(window));
        if (sinceKept == 0)
        {
            window.CopyTo(windows.AsSpan(next * inputs));
            next = (next + 1) % Capacity;
            Count = Math.Min(Count + 1, Capacity);
        }

        sinceKept = (sinceKept + 1) % keepEvery;
    }

    /// <summary>Copies one of the kept windows, each equally likely.</summary>
    /// <param name="window">[inputs], overwritten.</param>
    /// <exception cref="InvalidOperationException">None is kept.</exception>
    public void Choose(Span<float> window)
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("A window must be offered before one can be chosen; none was.");
        }

        windows.AsSpan(random.NextInt32(Count) * inputs, inputs).CopyTo(window);
    }

    /// <inheritdoc/>
    public void Write(CheckpointWriter writer)
    {
        ArgumentChecks.NotNull(writer, nameof(writer));
        RandomState state = random.State;
        writer.Write("count", Count);
        writer.Write("next", next);
        writer.Write("sinceKept", sinceKept);
        writer.Write("random", state.Word0);
        writer.Write("random", state.Word1);
        writer.Write("random", state.Word2);
        writer.Write("random", state.Word3);
        writer.Write("windows", windows);
    }

    /// <inheritdoc/>
    public void Read(CheckpointReader reader)
    {
        ArgumentChecks.NotNull(reader, nameof(reader));
        Count = Math.Max(0, Math.Min(Capacity, reader.ReadInt("count")));
        next = (int)((uint)reader.ReadInt("next") % (uint)Capacity);
        sinceKept = (int)((uint)reader.ReadInt("sinceKept") % (uint)keepEvery);
        random.State = new RandomState(reader.ReadUInt("random"), reader.ReadUInt("random"), reader.ReadUInt("random"), reader.ReadUInt("random"));
        reader.ReadFloats("windows", windows);
    }
}
