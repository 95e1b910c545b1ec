using System;
using System.Collections.Generic;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>A batch that waits to be sent.</summary>
/// <param name="Boot">The start that made it.</param>
/// <param name="Sequence">Its number since that start; both name it for ever.</param>
/// <param name="Priority">How much it matters.</param>
/// <param name="Body">Its bytes, as they were added.</param>
public readonly record struct SpooledBatch(int Boot, int Sequence, TelemetryPriority Priority, ReadOnlyMemory<byte> Body);

/// <summary>
/// Batches that wait to be sent, in a bounded part of the storage, over restarts. High priority is flushed when it is added, the rest
/// with a period: what is delivered before that never touches flash. When there is no room the lowest priority goes first, in it the
/// oldest; what is flushed and of high priority never goes, rather the new is refused. All of it is counted.
/// </summary>
/// <remarks>
/// A write is a new numbered file of 8 bytes and, for each record, 16 bytes and its body; nothing is overwritten. When all in a file is
/// delivered it is deleted. No failure of the storage leaves a method as an exception: what cannot be written stays in memory and is
/// tried again.
/// </remarks>
public sealed class TelemetrySpool
{
    /// <summary>Bytes of records that may be in memory alone.</summary>
    public const int MostMemoryBytes = 64 * 1024;

    /// <summary>Least bytes of storage that a spool can do with.</summary>
    public const int LeastCapacityBytes = 32 * 1024;

    // A drop takes a whole segment: none may be a large part of the spool.
    private const int SegmentsOfASpool = 8;

    // After a failure the storage is left alone for a while.
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(10);

    private readonly SpoolFiles files;
    private readonly int boot;
    private readonly long capacityBytes;
    private readonly TimeSpan flushPeriod;
    private readonly SpoolIndex index = new();
    private readonly long[] dropped = new long[3];
    private int damaged;
    private int newestSequence;
    private TimeSpan newestFlush;
    private TimeSpan now;

    private TelemetrySpool(IStorage storage, int boot, long capacityBytes, TimeSpan flushPeriod)
    {
        files = new SpoolFiles(storage);
        this.boot = boot;
        this.capacityBytes = capacityBytes;
        this.flushPeriod = flushPeriod;
    }

    /// <summary>What the spool costs in storage, in whole blocks of 4 KB: at most its capacity.</summary>
    public long StoredBytes => index.StoredBytes;

    /// <summary>Bytes of what waits in memory alone.</summary>
    public long MemoryBytes => index.MemoryBytes;

    /// <summary>Records that were found damaged since the start: they are lost, a torn tail counts as one.</summary>
    public int Damaged => damaged;

    /// <summary>Failures of the storage since the start.</summary>
    public int StorageFailures => files.Failures;

    /// <summary>What the storage said at its last failure; empty when it never failed.</summary>
    public string LastStorageFailure => files.LastFailure;

    /// <summary>Largest batch that the spool takes: with its heads a quarter of it, and no more than there may be in memory.</summary>
    public int MostBatchBytes =>
        (int)Math.Min(MostMemoryBytes, capacityBytes / 4) - SpoolFormat.SegmentHeadBytes - SpoolFormat.RecordHeadBytes;

    /// <summary>Opens the spool: reads every byte of it, and passes over what is torn or damaged.</summary>
    /// <param name="storage">The area of the spool; touches only files named <c>spool.number.lfa</c>.</param>
    /// <param name="boot">Number of this start, from <see cref="DeviceState"/>; differs from that of every other.</param>
    /// <param name="capacityBytes">Bytes of storage that the spool may take; at least <see cref="LeastCapacityBytes"/>.</param>
    /// <param name="flushPeriod">Time after which ordinary batches are flushed: what a power cut may cost of them.</param>
    /// <returns>The spool.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1 or the capacity too small.</exception>
    /// <exception cref="System.IO.IOException">The names cannot be listed.</exception>
    public static TelemetrySpool Open(IStorage storage, int boot, long capacityBytes, TimeSpan flushPeriod)
    {
        ArgumentChecks.NotNull(storage, nameof(storage));
        ArgumentChecks.InRange(boot, 1, int.MaxValue, nameof(boot));
        if (capacityBytes < LeastCapacityBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacityBytes), $"A spool must have at least {LeastCapacityBytes} bytes; was given {capacityBytes}.");
        }

        var spool = new TelemetrySpool(storage, boot, capacityBytes, flushPeriod);
        spool.ReadAll();
        return spool;
    }

    /// <summary>Batches of a priority that wait.</summary>
    /// <param name="priority">Which.</param>
    public int Waiting(TelemetryPriority priority) => index.Waiting(priority);

    /// <summary>Batches of a priority that were given up for want of room; one that was under way may have arrived.</summary>
    /// <param name="priority">Which.</param>
    public long Dropped(TelemetryPriority priority) => dropped[(int)priority];

    /// <summary>Batches of a priority that wait in memory alone: a power cut would cost them.</summary>
    /// <param name="priority">Which.</param>
    public int Unflushed(TelemetryPriority priority) => index.Unflushed(priority);

    /// <summary>Adds a batch. One of high priority is flushed before this returns, unless the storage fails.</summary>
    /// <param name="priority">How much it matters.</param>
    /// <param name="body">Its bytes, 1 to <see cref="MostBatchBytes"/>; copied.</param>
    /// <returns>The number that it has from now on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The body is empty or too large.</exception>
    public int Add(TelemetryPriority priority, ReadOnlySpan<byte> body)
    {
        ArgumentChecks.InRange(body.Length, 1, MostBatchBytes, nameof(body));
        byte[] encoded = SpoolFormat.EncodeRecord(boot, ++newestSequence, body);
        var record = new SpoolRecord(boot, newestSequence, priority, encoded.Length) { Encoded = encoded };
        if (index.MemoryBytes + record.Bytes > MostMemoryBytes)
        {
            Flush();
        }

        while (index.MemoryBytes + record.Bytes > MostMemoryBytes)
        {
            SpoolRecord? oldest = index.ChooseInMemoryToDrop(priority);
            if (oldest is null)
            {
                dropped[(int)priority]++;
                return record.Sequence;
            }

            Drop(oldest);
        }

        index.Add(record);
        if (priority == TelemetryPriority.High)
        {
            Flush(TelemetryPriority.High);
        }

        return record.Sequence;
    }

    /// <summary>Lets time pass, and flushes what is due.</summary>
    /// <param name="uptime">Time since the device started.</param>
    public void Advance(TimeSpan uptime)
    {
        now = uptime;
        if (index.MemoryBytes == 0)
        {
            newestFlush = now;
        }
        else if (now - newestFlush >= flushPeriod || (Unflushed(TelemetryPriority.High) > 0 && now - newestFlush >= RetryPeriod))
        {
            Flush();
        }
    }

    /// <summary>Writes all that is in memory alone: before a stop.</summary>
    /// <returns>True when everything that waits is durable.</returns>
    public bool Flush()
    {
        newestFlush = now;
        bool isDurable = true;
        for (TelemetryPriority priority = TelemetryPriority.High; priority >= TelemetryPriority.Low; priority--)
        {
            isDurable &= Flush(priority);
        }

        return isDurable;
    }

    /// <summary>The batch that is to go next: of the highest priority, in it the oldest. It stays until it is removed.</summary>
    /// <param name="batch">Set when true is returned.</param>
    /// <returns>False when nothing waits that can be read.</returns>
    public bool TryPeek(out SpooledBatch batch)
    {
        batch = default;
        if (index.IsEmpty)
        {
            return false;
        }

        // A copy: a record that is found damaged is removed on the way.
        foreach (SpoolRecord record in new List<SpoolRecord>(index.InOrder()))
        {
            // What cannot be read today must not hold up all the rest: it is passed over for now.
            if (TryRead(record, out byte[]? bytes) && bytes != null)
            {
                batch = new SpooledBatch(record.Boot, record.Sequence, record.Priority, bytes.AsMemory(SpoolFormat.RecordHeadBytes));
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes a batch: it was delivered, or will never be taken.</summary>
    /// <param name="boot">The start that made it.</param>
    /// <param name="sequence">Its number since that start.</param>
    /// <returns>False when it does not wait (any more).</returns>
    public bool Remove(int boot, int sequence)
    {
        SpoolRecord? record = index.Find(boot, sequence);
        if (record is null)
        {
            return false;
        }

        Remove(record);
        return true;
    }

    /// <summary>All that waits, in the order in which it is to go.</summary>
    internal IEnumerable<SpoolRecord> Records => index.InOrder();

    private void ReadAll()
    {
        List<long> numbers = files.ListNumbers();
        var known = new HashSet<(int Boot, int Sequence)>();
        // Newest first: where a power cut left a record in two segments, the newer one took it over.
        for (int i = numbers.Count - 1; i >= 0; i--)
        {
            var records = new List<SpoolRecord>();
            if (!files.TryRead(numbers[i], records, ref damaged, out SpoolSegment? segment))
            {
                // Left alone: the next start may be able to read it.
                continue;
            }

            if (segment is null)
            {
                files.Delete(numbers[i]);
                continue;
            }

            index.AddSegment(segment);
            records.FindAll(record => known.Add((record.Boot, record.Sequence))).ForEach(index.AddStored);
            DeleteIfDone(segment);
        }

        index.Sort();
        MakeRoom(TelemetryPriority.Normal, 0);
    }

    private bool Flush(TelemetryPriority priority)
    {
        files.DeleteAgain();
        List<SpoolRecord> records = index.InMemory(priority);
        for (int start = 0; start < records.Count;)
        {
            int count = 1;
            long bytes = records[start].Bytes;
            while (start + count < records.Count && bytes + records[start + count].Bytes <= capacityBytes / SegmentsOfASpool)
            {
                bytes += records[start + count++].Bytes;
            }

            if (!TryWriteSegment(priority, records.GetRange(start, count), bytes))
            {
                return false;
            }

            start += count;
        }

        return true;
    }

    private bool TryWriteSegment(TelemetryPriority priority, List<SpoolRecord> records, long bytes)
    {
        SpoolSegment? merged = index.FindMergeable(priority, bytes);
        if (merged is null && !MakeRoom(priority, SpoolFormat.InBlocks(SpoolFormat.SegmentHeadBytes + bytes)))
        {
            records.ForEach(Drop);
            return true;
        }

        List<SpoolRecord> all = merged is null ? new List<SpoolRecord>() : index.In(merged);
        all.AddRange(records);
        var written = new List<SpoolRecord>();
        var encoded = new List<byte[]>();
        foreach (SpoolRecord record in all)
        {
            if (!TryRead(record, out byte[]? content))
            {
                return false;
            }

            if (content != null)
            {
                written.Add(record);
                encoded.Add(content);
            }
        }

        SpoolSegment? segment = files.TryWrite(priority, encoded);
        if (segment is null)
        {
            return false;
        }

        index.AddSegment(segment);
        long offset = SpoolFormat.SegmentHeadBytes;
        foreach (SpoolRecord record in written)
        {
            index.Move(record, segment, offset);
            offset += record.Bytes;
        }

        if (merged != null)
        {
            DeleteIfDone(merged);
        }

        return true;
    }

    private bool MakeRoom(TelemetryPriority priority, long bytes)
    {
        List<SpoolSegment>? segments = index.ChooseToDrop(priority, index.StoredBytes + bytes - capacityBytes);
        segments?.ForEach(segment => index.In(segment).ForEach(Drop));
        return segments != null;
    }

    private void Drop(SpoolRecord record)
    {
        dropped[(int)record.Priority]++;
        Remove(record);
    }

    private void Remove(SpoolRecord record)
    {
        index.Remove(record);
        if (record.Segment != null)
        {
            DeleteIfDone(record.Segment);
        }
    }

    private void DeleteIfDone(SpoolSegment segment)
    {
        if (segment.Waiting == 0 && index.RemoveSegment(segment))
        {
            files.Delete(segment.Number);
        }
    }

    // Null when the record is damaged: it is then removed. False when the storage fails: the record stays.
    private bool TryRead(SpoolRecord record, out byte[]? content)
    {
        content = record.Encoded;
        if (content is null && !files.TryRead(record, out content))
        {
            return false;
        }

        if (content is null)
        {
            damaged++;
            Remove(record);
        }

        return true;
    }
}
