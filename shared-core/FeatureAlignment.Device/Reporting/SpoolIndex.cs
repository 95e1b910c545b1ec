using System.Collections.Generic;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>What waits in a spool, in which order it goes, and what goes first when there is no room. No I/O.</summary>
internal sealed class SpoolIndex
{
    private const int Priorities = 3;

    // One queue a priority, oldest first.
    private readonly List<SpoolRecord>[] queues = new List<SpoolRecord>[Priorities];
    private readonly List<SpoolSegment>[] segments = new List<SpoolSegment>[Priorities];
    private readonly int[] inMemory = new int[Priorities];

    public SpoolIndex()
    {
        for (int i = 0; i < Priorities; i++)
        {
            queues[i] = new();
            segments[i] = new();
        }
    }

    /// <summary>What the segments cost in storage, in whole blocks.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>What records take that are in memory alone.</summary>
    public long MemoryBytes { get; private set; }

    public bool IsEmpty => queues[0].Count + queues[1].Count + queues[2].Count == 0;

    public int Waiting(TelemetryPriority priority) => queues[(int)priority].Count;

    /// <summary>Records of a priority that are in memory alone.</summary>
    public int Unflushed(TelemetryPriority priority) => inMemory[(int)priority];

    /// <summary>All that waits, in the order in which it is to go: the highest priority first, in it the oldest first.</summary>
    public IEnumerable<SpoolRecord> InOrder()
    {
        for (int i = Priorities - 1; i >= 0; i--)
        {
            foreach (SpoolRecord record in queues[i])
            {
                yield return record;
            }
        }
    }

    public SpoolRecord? Find(int boot, int sequence)
    {
        foreach (SpoolRecord record in InOrder())
        {
            if (record.Boot == boot && record.Sequence == sequence)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>Adds a record that is in memory alone, the newest of all.</summary>
    public void Add(SpoolRecord record)
    {
        queues[(int)record.Priority].Add(record);
        inMemory[(int)record.Priority]++;
        MemoryBytes += record.Bytes;
    }

    /// <summary>Adds what was found in storage; <see cref="Sort"/> puts it into order.</summary>
    public void AddStored(SpoolRecord record)
    {
        queues[(int)record.Priority].Add(record);
        record.Segment!.Waiting++;
        record.Segment.WaitingBytes += record.Bytes;
    }

    public void Sort()
    {
        for (int i = 0; i < Priorities; i++)
        {
            queues[i].Sort((a, b) => a.CompareAge(b));
            segments[i].Sort((a, b) => a.Number.CompareTo(b.Number));
        }
    }

    public void AddSegment(SpoolSegment segment)
    {
        segments[(int)segment.Priority].Add(segment);
        StoredBytes += SpoolFormat.InBlocks(segment.Bytes);
    }

    /// <summary>False when it is removed already.</summary>
    public bool RemoveSegment(SpoolSegment segment)
    {
        bool isThere = segments[(int)segment.Priority].Remove(segment);
        StoredBytes -= isThere ? SpoolFormat.InBlocks(segment.Bytes) : 0;
        return isThere;
    }

    /// <summary>A record is now in a segment, be it from memory or from another segment.</summary>
    public void Move(SpoolRecord record, SpoolSegment segment, long offset)
    {
        Leave(record);
        record.Encoded = null;
        record.Segment = segment;
        record.Offset = offset;
        segment.Waiting++;
        segment.WaitingBytes += record.Bytes;
    }

    public void Remove(SpoolRecord record)
    {
        queues[(int)record.Priority].Remove(record);
        Leave(record);
    }

    /// <summary>Records of a priority that are in memory alone, oldest first.</summary>
    public List<SpoolRecord> InMemory(TelemetryPriority priority) => queues[(int)priority].FindAll(record => record.Segment is null);

    /// <summary>Records of a segment that still wait, oldest first.</summary>
    public List<SpoolRecord> In(SpoolSegment segment) => queues[(int)segment.Priority].FindAll(record => record.Segment == segment);

    /// <summary>
    /// The newest segment of a priority when what waits in it and these bytes fit into one block: flash is erased by blocks, so writing
    /// both anew wears it no more than writing these alone.
    /// </summary>
    public SpoolSegment? FindMergeable(TelemetryPriority priority, long bytes)
    {
        List<SpoolSegment> ofPriority = segments[(int)priority];
        SpoolSegment? newest = ofPriority.Count == 0 ? null : ofPriority[ofPriority.Count - 1];
        bool fits = newest != null
            && SpoolFormat.SegmentHeadBytes + newest.WaitingBytes + bytes <= SpoolFormat.BlockBytes
            && newest.Bytes <= SpoolFormat.BlockBytes;
        return fits ? newest : null;
    }

    /// <summary>
    /// Segments to drop so that a record of a priority finds room, the lowest priority and in it the oldest first: none of a higher one,
    /// and none of the highest at all.
    /// </summary>
    /// <returns>Null when even all of those would not do.</returns>
    public List<SpoolSegment>? ChooseToDrop(TelemetryPriority forPriority, long excessBytes)
    {
        var chosen = new List<SpoolSegment>();
        for (var priority = TelemetryPriority.Low; priority <= forPriority && priority < TelemetryPriority.High; priority++)
        {
            foreach (SpoolSegment segment in segments[(int)priority])
            {
                if (excessBytes <= 0)
                {
                    return chosen;
                }

                chosen.Add(segment);
                excessBytes -= SpoolFormat.InBlocks(segment.Bytes);
            }
        }

        return excessBytes <= 0 ? chosen : null;
    }

    /// <summary>The record in memory that goes first when memory has no room for one of a priority; null when all matter more.</summary>
    public SpoolRecord? ChooseInMemoryToDrop(TelemetryPriority forPriority)
    {
        for (var priority = TelemetryPriority.Low; priority <= forPriority && priority < TelemetryPriority.High; priority++)
        {
            SpoolRecord? oldest = queues[(int)priority].Find(record => record.Segment is null);
            if (oldest != null)
            {
                return oldest;
            }
        }

        return null;
    }

    private void Leave(SpoolRecord record)
    {
        if (record.Segment is null)
        {
            inMemory[(int)record.Priority]--;
            MemoryBytes -= record.Bytes;
        }
        else
        {
            record.Segment.Waiting--;
            record.Segment.WaitingBytes -= record.Bytes;
        }
    }
}
