using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Reporting;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Support;

/// <summary>
/// State, spool and checkpoints of a device on one flash, and beside them, in a few lists, what they promised. It outlives every power
/// cut, and after each compares what is found with what was promised.
/// </summary>
internal sealed class DeviceStorageModel
{
    public const int SpoolBytes = 32 << 10;

    private readonly Dictionary<(int Boot, int Sequence), byte[]> added = new();
    private readonly HashSet<(int Boot, int Sequence)> durableHigh = new();
    private readonly HashSet<(int Boot, int Sequence)> durableOrdinary = new();
    private readonly Queue<string> commands = new();
    private int newestBoot;
    private int attemptedCheckpoint;
    private int committedCheckpoint;
    // Of each priority, what was found at the start and added since, less what was delivered since.
    private readonly int[] balance = new int[3];
    private CheckpointStore checkpoints = null!;

    public DeviceState State { get; private set; } = null!;

    public TelemetrySpool? Spool { get; private set; }

    /// <summary>The promises at the moment of a power cut, for one of its outcomes.</summary>
    public DeviceStorageModel AfterPowerCut()
    {
        PowerIsCut();
        var copy = new DeviceStorageModel
        {
            newestBoot = newestBoot,
            attemptedCheckpoint = attemptedCheckpoint,
            committedCheckpoint = committedCheckpoint,
        };
        foreach ((var name, byte[] body) in added)
        {
            copy.added.Add(name, body);
        }

        copy.durableHigh.UnionWith(durableHigh);
        copy.durableOrdinary.UnionWith(durableOrdinary);
        foreach (string id in commands)
        {
            copy.commands.Enqueue(id);
        }

        return copy;
    }

    /// <summary>Power is gone: of what was just being dropped nothing is promised any more.</summary>
    public void PowerIsCut()
    {
        if (Spool is null)
        {
            // Cut off while it opened the spool, which may have made room: nothing is known of the ordinary batches.
            durableOrdinary.Clear();
        }
        else
        {
            durableOrdinary.IntersectWith(NamesOf(Spool.Records));
        }
    }

    /// <summary>Starts the device, and holds what it finds against the promises.</summary>
    public void Start(IStorage flash)
    {
        Spool = null;
        State = DeviceState.Start(new StorageArea(flash, "state"), "power");
        Assert.That(State.Boot, Is.GreaterThan(newestBoot), "boot");
        newestBoot = State.Boot;
        Assert.That(commands.Where(id => !State.Remembers(id)), Is.Empty, "forgotten commands");

        var spool = TelemetrySpool.Open(new StorageArea(flash, "spool"), State.Boot, SpoolBytes, TimeSpan.FromMinutes(10));
        HashSet<(int, int)> found = NamesOf(spool.Records);
        Assert.That(spool.Records.Count(), Is.EqualTo(found.Count), "each batch is there once");
        Assert.That(durableHigh.Where(name => !found.Contains(name)), Is.Empty, "lost batches of high priority");
        long dropped = spool.Dropped(TelemetryPriority.Low) + spool.Dropped(TelemetryPriority.Normal);
        Assert.That(durableOrdinary.Count(name => !found.Contains(name)), Is.LessThanOrEqualTo(dropped), "lost batches");
        durableOrdinary.IntersectWith(found);
        Spool = spool;
        foreach (TelemetryPriority priority in Enum.GetValues<TelemetryPriority>())
        {
            balance[(int)priority] = spool.Waiting(priority) + (int)spool.Dropped(priority);
        }

        checkpoints = new CheckpointStore(new StorageArea(flash, "run"));
        CheckpointGeneration? latest = checkpoints.OpenLatest();
        int step = latest is null ? 0 : ReadCheckpoint(latest);
        Assert.That(step, Is.InRange(committedCheckpoint - 1, attemptedCheckpoint), "checkpoint");
        committedCheckpoint = attemptedCheckpoint = step;
        Check();
    }

    public void Add(TelemetryPriority priority, int length)
    {
        var body = new byte[length];
        Array.Fill(body, (byte)(1 + added.Count % 255));
        int sequence = 1 + added.Keys.Where(name => name.Boot == State.Boot).Select(name => name.Sequence).DefaultIfEmpty().Max();
        added.Add((State.Boot, sequence), body);
        balance[(int)priority]++;
        Assert.That(Spool!.Add(priority, body), Is.EqualTo(sequence));
        Check();
    }

    public void Deliver()
    {
        if (!Spool!.TryPeek(out SpooledBatch batch))
        {
            return;
        }

        Assert.That(batch.Body.ToArray(), Is.EqualTo(added[(batch.Boot, batch.Sequence)]), "content");
        // From here on it may be there again after a power cut, or not.
        durableHigh.Remove((batch.Boot, batch.Sequence));
        durableOrdinary.Remove((batch.Boot, batch.Sequence));
        balance[(int)batch.Priority]--;
        Assert.That(Spool.Remove(batch.Boot, batch.Sequence), Is.True);
        Check();
    }

    public void DeliverAll()
    {
        while (Spool!.Records.Any())
        {
            Deliver();
        }
    }

    public void Flush()
    {
        if (Spool!.Flush())
        {
            Assert.That(Spool.Records.All(record => record.Segment != null), Is.True);
        }

        Check();
    }

    public void Remember(string id)
    {
        State.Remember(id);
        commands.Enqueue(id);
        while (commands.Count > DeviceState.MostCommands / 2)
        {
            commands.Dequeue();
        }
    }

    /// <summary>A command that could not be remembered is not promised to be.</summary>
    public void TryRemember(string id)
    {
        try
        {
            Remember(id);
        }
        catch (IOException)
        {
            Assert.That(State.Remembers(id), Is.True);
        }
    }

    public void WriteCheckpoint()
    {
        attemptedCheckpoint++;
        using CheckpointTransaction transaction = checkpoints.Begin();
        int step = attemptedCheckpoint;
        transaction.Write("layer-0", "layer", writer => writer.Write("value", 7 * step));
        transaction.Commit(writer => writer.Write("step", step));
        committedCheckpoint = step;
    }

    /// <summary>What was not written is no attempt any more: the store tells of a failure, and leaves nothing.</summary>
    public void TryWriteCheckpoint()
    {
        try
        {
            WriteCheckpoint();
        }
        catch (IOException)
        {
            attemptedCheckpoint = committedCheckpoint;
        }
    }

    // Notes what is durable now, and counts.
    private void Check()
    {
        foreach (SpoolRecord record in Spool!.Records.Where(record => record.Segment != null))
        {
            (record.Priority == TelemetryPriority.High ? durableHigh : durableOrdinary).Add((record.Boot, record.Sequence));
        }

        HashSet<(int, int)> waiting = NamesOf(Spool.Records);
        Assert.That(durableHigh.IsSubsetOf(waiting), Is.True, "what is durable and of high priority stays");
        durableOrdinary.IntersectWith(waiting);
        Assert.That(Spool.StoredBytes, Is.LessThanOrEqualTo(SpoolBytes));
        foreach (TelemetryPriority priority in Enum.GetValues<TelemetryPriority>())
        {
            long found = Spool.Waiting(priority) + Spool.Dropped(priority);
            Assert.That(found, Is.EqualTo(balance[(int)priority]), $"{priority}: waiting and dropped");
        }
    }

    private static HashSet<(int Boot, int Sequence)> NamesOf(IEnumerable<SpoolRecord> records) =>
        records.Select(record => (record.Boot, record.Sequence)).ToHashSet();

    private static int ReadCheckpoint(CheckpointGeneration generation)
    {
        int step = 0;
        generation.ReadPosition(reader => step = reader.ReadInt("step"));
        generation.Read("layer-0", "layer", reader => Assert.That(reader.ReadInt("value"), Is.EqualTo(7 * step)));
        return step;
    }
}
