using System;
using System.Collections.Generic;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Simulation.Board;

/// <summary>A network that is slow, fails, loses answers and delivers twice, with somebody at its other end who checks what
/// arrives.</summary>
public sealed class SimulatedUplink
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SimulatedWorld world;
    private readonly FaultPlan faults;
    private readonly RandomSource random;

    // Of each start the batches' hashes by their number, 0 for none: months of them must fit beside the application.
    private readonly Dictionary<int, List<int>> received = new();
    private readonly Queue<TelemetryCommand> commands = new();
    private readonly bool isUnreliable;

    /// <summary>An uplink.</summary>
    /// <param name="world">Its time.</param>
    /// <param name="faults">When there is no network.</param>
    /// <param name="seed">Of what is lost, late and double.</param>
    /// <param name="isUnreliable">True when requests and answers get lost even while there is a network.</param>
    public SimulatedUplink(SimulatedWorld world, FaultPlan faults, ulong seed, bool isUnreliable)
    {
        ArgumentChecks.NotNull(world, nameof(world));
        ArgumentChecks.NotNull(faults, nameof(faults));
        this.world = world;
        this.faults = faults;
        this.isUnreliable = isUnreliable;
        random = new RandomSource(seed, 0x7570_6C69_6E6B);
    }

    /// <summary>Told of each batch when it arrives for the first time.</summary>
    public Action<BatchHeader, TelemetryBatch>? Arrived { get; set; }

    /// <summary>Told of each batch's bytes when it arrives for the first time.</summary>
    public Action<BatchHeader, ReadOnlyMemory<byte>>? ArrivedBytes { get; set; }

    /// <summary>Batches that arrived, each counted once.</summary>
    public int Batches { get; private set; }

    /// <summary>Batches that arrived again.</summary>
    public int Repeated { get; private set; }

    /// <summary>Points, images, events and lines that arrived, each counted once.</summary>
    public long Records { get; private set; }

    /// <summary>Batches that broke the contract: a number with another content than before, beyond a limit, not readable.</summary>
    public int Violations { get; private set; }

    /// <summary>The last violation; empty for none.</summary>
    public string LastViolation { get; private set; } = "";

    /// <summary>Hands a command to the device with the next answer.</summary>
    public void Command(TelemetryCommand command) => commands.Enqueue(command);

    /// <summary>Managed bytes that it takes to remember what arrived.</summary>
    internal long MemoryBytes
    {
        get
        {
            long bytes = 0;
            foreach (List<int> hashes in received.Values)
            {
                bytes += sizeof(int) * (long)hashes.Capacity;
            }

            return bytes;
        }
    }

    /// <summary>Whether a batch has arrived.</summary>
    internal bool HasReceived(int boot, int sequence) =>
        received.TryGetValue(boot, out List<int>? hashes) && sequence < hashes.Count && hashes[sequence] != 0;

    /// <summary>The end of a board that has just started.</summary>
    internal IUplink Connect() => new Connection(this);

    private BatchAnswer Receive(BatchHeader header, ReadOnlyMemory<byte> body)
    {
        int hash = Hash(body.Span);
        if (!received.TryGetValue(header.Boot, out List<int>? hashes))
        {
            received[header.Boot] = hashes = new List<int>();
        }

        while (hashes.Count <= header.Sequence)
        {
            hashes.Add(0);
        }

        if (hashes[header.Sequence] != 0)
        {
            Repeated++;
            if (hashes[header.Sequence] != hash)
            {
                Violate($"Batch {header.Boot}/{header.Sequence} came with another content.");
            }

            return new BatchAnswer(0, 0, commands);
        }

        hashes[header.Sequence] = hash;
        Batches++;
        try
        {
            TelemetryBatch batch = BatchReader.ReadBatch(body.Span);
            if (TelemetryLimits.Check(batch) is { } exceeded)
            {
                Violate($"Batch {header.Boot}/{header.Sequence}: {exceeded}");
            }

            Records += batch.Points.Count + batch.Images.Count + batch.Events.Count + batch.Logs.Count;
            Arrived?.Invoke(header, batch);
        }
        catch (TelemetryFormatException e)
        {
            Violate($"Batch {header.Boot}/{header.Sequence}: {e.Message}");
        }

        ArrivedBytes?.Invoke(header, body);
        return new BatchAnswer(1, 0, commands);
    }

    private void Violate(string what)
    {
        Violations++;
        LastViolation = what;
    }

    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode() | 1;
    }

    /// <summary>One start of the board: what was under way before is nobody's.</summary>
    private sealed class Connection : IUplink
    {
        private readonly SimulatedUplink uplink;
        private UplinkOutcome? outcome;
        private TimeSpan outcomeAt;

        public Connection(SimulatedUplink uplink) => this.uplink = uplink;

        public bool IsReady => outcome is null;

        public string Status { get; private set; } = "offline";

        public void Send(in BatchHeader header, ReadOnlyMemory<byte> body)
        {
            TimeSpan now = uplink.world.Now;
            int luck = uplink.isUnreliable ? uplink.random.NextInt32(100) : 100;
            if (uplink.faults.IsPresent(FaultKind.NoNetwork, now) || luck < 3)
            {
                // Nothing arrives.
                outcome = new UplinkOutcome(UplinkResult.Failed, null, "no answer in time", TimeSpan.Zero);
                outcomeAt = now + Timeout;
                return;
            }

            BatchAnswer answer = uplink.Receive(header, body);
            if (luck is >= 3 and < 5)
            {
                uplink.Receive(header, body);
            }

            bool isAnswerLost = luck is >= 5 and < 8, isBusy = luck is 8;
            outcome = isAnswerLost ? new UplinkOutcome(UplinkResult.Failed, null, "the answer was lost", TimeSpan.Zero)
                : isBusy ? new UplinkOutcome(UplinkResult.Failed, null, "too many requests", TimeSpan.FromMinutes(1))
                : new UplinkOutcome(UplinkResult.Delivered, answer, "", TimeSpan.Zero);
            outcomeAt = now + (isAnswerLost ? Timeout : TimeSpan.FromMilliseconds(50 + (luck % 10 * 100)));
        }

        public bool TryTakeOutcome(out UplinkOutcome taken)
        {
            taken = outcome!;
            if (outcome is null || uplink.world.Now < outcomeAt)
            {
                return false;
            }

            Status = outcome.Result == UplinkResult.Delivered ? "online" : "offline";
            for (int i = outcome.Answer?.Commands.Count ?? 0; i > 0; i--)
            {
                uplink.commands.Dequeue();
            }

            outcome = null;
            return true;
        }

        public bool TryTakeCommand(out TelemetryCommand command)
        {
            command = null!;
            return false;
        }
    }
}
