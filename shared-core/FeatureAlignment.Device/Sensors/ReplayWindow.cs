using System;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Sensors;

/// <summary>
/// A ring of past windows that are learned again beside each new one. It keeps every n-th window, so that a small ring reaches back far
/// enough to remind the network of the night by day, and each one that a person labelled, before all others: labels are few and dear.
/// </summary>
public sealed class ReplayWindow : ICheckpointPart
{
    // Keeps this stream of random numbers apart from those of the network, which has the same seed.
    private const ulong ReplaySalt = 0x7265_706C_6179_0000;

    // [capacity x (inputs + 1)]: the last value of each row is the label, -1 without one.
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
        windows = new float[capacity * (inputs + 1)];
        random = new RandomSource(seed, ReplaySalt);
    }

    /// <inheritdoc/>
    public string Name => "replay";

    /// <inheritdoc/>
    public string Kind => "replay";

    /// <summary>Most windows that are kept.</summary>
    public int Capacity => windows.Length / (inputs + 1);

    /// <summary>Windows that are kept now.</summary>
    public int Count { get; private set; }

    /// <summary>Those of them that have a label.</summary>
    public int Labelled
    {
        get
        {
            int labelled = 0;
            for (int slot = 0; slot < Count; slot++)
            {
                labelled += LabelOf(slot) >= 0 ? 1 : 0;
            }

            return labelled;
        }
    }

    /// <summary>Of so many windows one is kept, for a ring that reaches back a given time.</summary>
    /// <param name="capacity">Windows that are kept.</param>
    /// <param name="windowStep">Time from one window to the next.</param>
    /// <param name="reach">Age of the oldest kept window.</param>
    public static int Spacing(int capacity, TimeSpan windowStep, TimeSpan reach) =>
        (int)Math.Max(1, Math.Min(int.MaxValue, reach.Ticks / windowStep.Ticks / capacity));

    /// <summary>
    /// Takes a window; keeps it in place of the oldest one without a label if its turn has come or it has a label. Where all have one, a
    /// labelled window takes the place of the oldest, and no other is kept.
    /// </summary>
    /// <param name="window">[inputs].</param>
    /// <param name="label">Its class, 0 or more; −1 without one.</param>
    public void Offer(ReadOnlySpan<float> window, int label = -1)
    {
        ArgumentChecks.SameLength(window.Length, inputs, nameof(window));
        if (label >= 0)
        {
            Keep(window, label);
            return;
        }

        if (sinceKept == 0)
        {
            Keep(window, label);
        }

        sinceKept = (sinceKept + 1) % keepEvery;
    }

    /// <summary>Copies one of the kept windows: half of the time one with a label, where there are any, else any, at random.</summary>
    /// <param name="window">[inputs], overwritten.</param>
    /// <returns>Its label, −1 without one.</returns>
    /// <exception cref="InvalidOperationException">None is kept.</exception>
    public int Choose(Span<float> window)
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("A window must be offered before one can be chosen; none was.");
        }

        int labelled = Labelled;
        int slot = labelled > 0 && random.NextInt32(2) == 0 ? LabelledSlot(random.NextInt32(labelled)) : random.NextInt32(Count);
        Row(slot).Slice(0, inputs).CopyTo(window);
        return LabelOf(slot);
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
        random.State = new RandomState(
            reader.ReadUInt("random"), reader.ReadUInt("random"), reader.ReadUInt("random"), reader.ReadUInt("random"));
        reader.ReadFloats("windows", windows);
    }

    private Span<float> Row(int slot) => windows.AsSpan(slot * (inputs + 1), inputs + 1);

    private int LabelOf(int slot) => (int)Row(slot)[inputs];

    private void Keep(ReadOnlySpan<float> window, int label)
    {
        int slot = next;
        for (int i = 0; i < Capacity && slot < Count && LabelOf(slot) >= 0; i++)
        {
            slot = (slot + 1) % Capacity;
        }

        if (label < 0 && slot < Count && LabelOf(slot) >= 0)
        {
            return;
        }

        window.CopyTo(Row(slot));
        Row(slot)[inputs] = label;
        next = (slot + 1) % Capacity;
        Count = Math.Min(Count + 1, Capacity);
    }

    /// <summary>Where the window is that has so many labelled ones before it.</summary>
    private int LabelledSlot(int before)
    {
        int slot = 0;
        while (LabelOf(slot) < 0 || before-- > 0)
        {
            slot++;
        }

        return slot;
    }
}
