using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Storage;

/// <summary>
/// Two generations of one small file. Each save is a new file with the next number, durable when it is flushed: there is no rename that a
/// power cut could undo afterwards, and what is torn is recognised by its checksum.
/// </summary>
internal sealed class StateFiles
{
    private const string Kind = "state";

    private readonly IStorage storage;
    private readonly List<string> rejected = new();
    private readonly List<string> undeleted = new();

    public StateFiles(IStorage storage) => this.storage = storage;

    /// <summary>Highest number that any file has or had; 0 when there never was one.</summary>
    public long HighestNumber { get; private set; }

    /// <summary>Number of the newest file that is whole; 0 when there is none.</summary>
    public long NewestNumber { get; private set; }

    /// <summary>Newer files than the one that was read, one message each.</summary>
    public IReadOnlyList<string> Rejected => rejected;

    /// <summary>Reads the newest file that is whole; false when there is none.</summary>
    public bool TryRead(Action<CheckpointReader> content)
    {
        List<NumberedFile> files = NumberedFile.List(storage, Kind);
        for (int i = files.Count - 1; i >= 0; i--)
        {
            HighestNumber = Math.Max(HighestNumber, files[i].Number);
            try
            {
                using Stream stream = storage.OpenRead(files[i].Name);
                CheckpointReader reader = CheckpointReader.Open(stream, files[i].Name, Kind);
                content(reader);
                reader.Complete();
                NewestNumber = files[i].Number;
                return true;
            }
            catch (Exception e) when (e is CheckpointFormatException or IOException)
            {
                rejected.Add(e.Message);
            }
        }

        return false;
    }

    /// <summary>What could not be deleted the last time: costs room, and is tried again with the next save.</summary>
    public IReadOnlyList<string> Undeleted => undeleted;

    /// <summary>Writes the next file, then deletes all but it and the one before it. Durable on return.</summary>
    public void Write(Action<CheckpointWriter> content)
    {
        undeleted.Clear();
        long number = ++HighestNumber;
        string name = NumberedFile.NameOf(Kind, number);
        try
        {
            using Stream stream = storage.Create(name);
            var writer = new CheckpointWriter(stream, Kind);
            content(writer);
            writer.Complete();
            storage.Flush(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(name);
            throw;
        }

        // Not before: the numbers of damaged files are what the number of a start is kept unique by.
        foreach (NumberedFile file in NumberedFile.List(storage, Kind))
        {
            if (file.Number != number && file.Number != NewestNumber)
            {
                TryDelete(file.Name);
            }
        }

        NewestNumber = number;
    }

    private void TryDelete(string name)
    {
        try
        {
            storage.Delete(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            undeleted.Add($"{name}: {e.Message}");
        }
    }
}
