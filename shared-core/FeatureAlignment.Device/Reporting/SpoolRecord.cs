using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>A batch that waits: its name, and where its bytes are.</summary>
internal sealed class SpoolRecord
{
    public SpoolRecord(int boot, int sequence, TelemetryPriority priority, int bytes)
    {
        Boot = boot;
        Sequence = sequence;
        Priority = priority;
        Bytes = bytes;
    }

    public int Boot { get; }

    public int Sequence { get; }

    public TelemetryPriority Priority { get; }

    /// <summary>Bytes of the record in a segment, its head included.</summary>
    public int Bytes { get; }

    /// <summary>The record as it is written to a segment, while it is in memory alone; null once it is in one.</summary>
    public byte[]? Encoded { get; set; }

    /// <summary>Where it is in storage; null while it is in memory alone.</summary>
    public SpoolSegment? Segment { get; set; }

    /// <summary>Place in the segment.</summary>
    public long Offset { get; set; }

    public int CompareAge(SpoolRecord other) =>
        Boot != other.Boot ? Boot.CompareTo(other.Boot) : Sequence.CompareTo(other.Sequence);
}

/// <summary>A file of the spool: records of one priority, written at once and never changed.</summary>
internal sealed class SpoolSegment
{
    public SpoolSegment(long number, TelemetryPriority priority, long bytes)
    {
        Number = number;
        Priority = priority;
        Bytes = bytes;
    }

    public long Number { get; }

    public TelemetryPriority Priority { get; }

    public long Bytes { get; }

    /// <summary>Records in it that still wait.</summary>
    public int Waiting { get; set; }

    /// <summary>Bytes of those.</summary>
    public long WaitingBytes { get; set; }
}
