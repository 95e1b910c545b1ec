using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Reporting;

/// <summary>The segments of a spool as files. Failures of the storage end here: they are counted, and the answer is no.</summary>
internal sealed class SpoolFiles
{
    private const string Kind = "spool";

    private readonly IStorage storage;
    private readonly List<string> undeleted = new();
    private long highestNumber;

    public SpoolFiles(IStorage storage) => this.storage = storage;

    public int Failures { get; private set; }

    public string LastFailure { get; private set; } = "";

    /// <summary>Numbers of all segments, lowest first.</summary>
    public List<long> ListNumbers()
    {
        List<long> numbers = NumberedFile.List(storage, Kind).ConvertAll(file => file.Number);
        highestNumber = numbers.Count == 0 ? highestNumber : Math.Max(highestNumber, numbers[numbers.Count - 1]);
        return numbers;
    }

    /// <summary>Reads a segment and adds its records; null when it is none, and is to be deleted.</summary>
    /// <returns>False when the storage fails: the segment is to be left alone.</returns>
    public bool TryRead(long number, List<SpoolRecord> records, ref int damaged, out SpoolSegment? segment)
    {
        segment = null;
        try
        {
            using Stream stream = storage.OpenRead(NameOf(number));
            segment = SpoolFormat.Read(stream, number, records, ref damaged);
            return true;
        }
        catch (Exception e) when (IsFailure(e))
        {
            return false;
        }
    }

    /// <summary>Reads a record that is in a segment.</summary>
    /// <param name="record">Which.</param>
    /// <param name="bytes">Null when it is damaged.</param>
    /// <returns>False when the storage fails.</returns>
    public bool TryRead(SpoolRecord record, out byte[]? bytes)
    {
        bytes = new byte[record.Bytes];
        try
        {
            using Stream stream = storage.OpenRead(NameOf(record.Segment!.Number));
            stream.Position = record.Offset;
            if (!SpoolFormat.TryFill(stream, bytes) || !SpoolFormat.IsRecord(bytes, record.Boot, record.Sequence))
            {
                bytes = null;
            }

            return true;
        }
        catch (Exception e) when (IsFailure(e))
        {
            return false;
        }
    }

    /// <summary>Writes a segment with the next number; durable when it is not null. Leaves nothing when it fails.</summary>
    public SpoolSegment? TryWrite(TelemetryPriority priority, List<byte[]> records)
    {
        long number = ++highestNumber;
        long bytes = SpoolFormat.SegmentHeadBytes;
        try
        {
            using Stream stream = storage.Create(NameOf(number));
            stream.Write(SpoolFormat.EncodeSegmentHead(priority));
            foreach (byte[] record in records)
            {
                stream.Write(record);
                bytes += record.Length;
            }

            storage.Flush(stream);
        }
        catch (Exception e) when (IsFailure(e))
        {
            Delete(number);
            return null;
        }

        return new SpoolSegment(number, priority, bytes);
    }

    /// <summary>Deletes a segment; when that fails it is tried again by <see cref="DeleteAgain"/>.</summary>
    public void Delete(long number)
    {
        undeleted.Add(NameOf(number));
        DeleteAgain();
    }

    /// <summary>Tries once more to delete what could not be.</summary>
    public void DeleteAgain()
    {
        // Backwards, so that what is deleted can be taken out on the way.
        for (int i = undeleted.Count - 1; i >= 0; i--)
        {
            try
            {
                storage.Delete(undeleted[i]);
                undeleted.RemoveAt(i);
            }
            catch (Exception e) when (IsFailure(e))
            {
                // It costs room until it works, and a restart before that sends again what is in it.
                continue;
            }
        }
    }

    private static string NameOf(long number) => NumberedFile.NameOf(Kind, number);

    private bool IsFailure(Exception e)
    {
        if (e is not (IOException or UnauthorizedAccessException))
        {
            return false;
        }

        Failures++;
        LastFailure = e.Message;
        return true;
    }
}
