using System;
using System.Collections.Generic;
using System.IO;

namespace FeatureAlignment.Checkpoints;

/// <summary>
/// Keeps the newest two generations of a checkpoint in a storage that may lose power at any moment. At every moment one of them is
/// whole and is what <see cref="OpenLatest"/> finds; docs/checkpoint-format.md gives the argument.
/// </summary>
/// <remarks>
/// Not for use by several threads or processes at once. Touches only files named <c>part.number.lfa</c> or <c>part.number.tmp</c>.
/// </remarks>
public sealed class CheckpointStore
{
    private readonly IStorage storage;
    private readonly List<string> rejected = new();
    private readonly List<string> undeleted = new();
    private CheckpointGeneration? latest;
    private CheckpointGeneration? previous;
    private long highestNumber;
    private bool isOpen;
    private byte[]? spareBlock;

    /// <summary>Creates a store; nothing is read yet.</summary>
    /// <param name="storage">Where the files are.</param>
    public CheckpointStore(IStorage storage) => this.storage = storage ?? throw new ArgumentNullException(nameof(storage));

    /// <summary>Bytes this object wrote, failed attempts included: what a flash medium wears by, its own bookkeeping aside.</summary>
    public long BytesWritten { get; internal set; }

    /// <summary>What the last <see cref="OpenLatest"/> found and could not use, one message each, newest first.</summary>
    public IReadOnlyList<string> Rejected => rejected;

    /// <summary>What could not be deleted the last time superseded files were, one message each; it is tried again each time.</summary>
    public IReadOnlyList<string> Undeleted => undeleted;

    /// <summary>
    /// Finds the newest generation whose commit record and files are all whole, reading every byte of them. Changes nothing in the
    /// storage.
    /// </summary>
    /// <returns>The generation, or <c>null</c> when none was ever committed.</returns>
    /// <exception cref="CheckpointFormatException">There are generations, and each is damaged; the message has every fault.</exception>
    /// <exception cref="IOException">The names cannot be listed.</exception>
    public CheckpointGeneration? OpenLatest()
    {
        rejected.Clear();
        latest = previous = null;
        isOpen = false;
        List<long> numbers = FindGenerationNumbers();
        foreach (long number in numbers)
        {
            CheckpointGeneration? generation = TryOpen(number, withFiles: latest is null);
            if (generation is null)
            {
                continue;
            }

            if (latest != null)
            {
                previous = generation;
                break;
            }
            latest = generation;
        }
        if (latest is null && numbers.Count > 0)
        {
            throw new CheckpointFormatException(
                CheckpointFileName.Whole(CheckpointFileName.CommitRecord, numbers[0]),
                "no checkpoint is usable; restore the files from a copy, or delete them to begin anew. " + string.Join(" ", rejected));
        }
        isOpen = true;
        return latest;
    }

    /// <summary>
    /// Begins the next generation, after <see cref="OpenLatest"/> if that was not called. Deletes what failed attempts left, so that
    /// they do not take the room this one needs. Ends a transaction that is still in progress.
    /// </summary>
    /// <returns>The transaction, to be disposed.</returns>
    /// <exception cref="CheckpointFormatException">As <see cref="OpenLatest"/>.</exception>
    /// <exception cref="IOException">As <see cref="OpenLatest"/>.</exception>
    public CheckpointTransaction Begin()
    {
        NumberInProgress = 0;
        if (!isOpen)
        {
            OpenLatest();
        }

        DeleteUnneeded();
        NumberInProgress = ++highestNumber;
        return new CheckpointTransaction(this, storage, latest, NumberInProgress);
    }

    /// <summary>Deletes every generation, usable or not, so that the next <see cref="Begin"/> starts anew.</summary>
    /// <exception cref="IOException">The storage fails; the newest generation may remain. Try again.</exception>
    public void Clear()
    {
        NumberInProgress = 0;
        List<long> numbers = FindGenerationNumbers();
        for (int i = numbers.Count - 1; i >= 0; i--)
        {
            storage.Delete(CheckpointFileName.Whole(CheckpointFileName.CommitRecord, numbers[i]));
        }

        rejected.Clear();
        latest = previous = null;
        isOpen = true;
        DeleteUnneeded();
    }

    /// <summary>Number of the transaction in progress; 0 when there is none.</summary>
    internal long NumberInProgress { get; private set; }

    internal CheckpointGeneration Committed(CheckpointGeneration generation)
    {
        previous = latest;
        latest = generation;
        NumberInProgress = 0;
        DeleteUnneeded();
        return generation;
    }

    internal void Ended(long number)
    {
        if (NumberInProgress != number)
        {
            return;
        }

        NumberInProgress = 0;
        DeleteUnneeded();
    }

    internal void ReadFile(CheckpointFile file, string? kind, Action<CheckpointReader>? content) =>
        Read(file.FileName, kind, reader =>
        {
            if (reader.Length != file.Length || reader.Checksum != file.Checksum)
            {
                throw new CheckpointFormatException(
                    file.FileName,
                    $"{file.Length} bytes with checksum {file.Checksum:X8} expected by the commit record, " +
                    $"{reader.Length} with {reader.Checksum:X8} found; it is another file under this name.");
            }
            if (content is null)
            {
                return;
            }

            content(reader);
            reader.Complete();
        });

    internal void ReadPosition(CheckpointGeneration generation, Action<CheckpointReader> content) =>
        Read(generation.RecordFileName, CommitRecord.Kind, reader =>
        {
            CommitRecord.Read(reader, generation.Number);
            content(reader);
            reader.Complete();
        });

    /// <summary>Opens a file for reading in parts; the caller closes it.</summary>
    internal Stream OpenRead(CheckpointFile file) => storage.OpenRead(file.FileName);

    /// <summary>Opens a working file; the caller closes it.</summary>
    internal Stream OpenScratch(string name, long length) => storage.OpenScratch(name, length);

    /// <summary>A block to write or read through; one is kept for the next time, and nested use gets another.</summary>
    internal byte[] RentBlock()
    {
        byte[] block = spareBlock ?? new byte[CheckpointFormat.BlockBytes];
        spareBlock = null;
        return block;
    }

    internal void ReturnBlock(byte[] block) => spareBlock = block;

    private void Read(string fileName, string? kind, Action<CheckpointReader> content)
    {
        byte[] block = RentBlock();
        try
        {
            using Stream stream = storage.OpenRead(fileName);
            content(CheckpointReader.Open(stream, fileName, kind, block));
        }
        finally
        {
            ReturnBlock(block);
        }
    }

    // Newest first. Also notes the highest number that any file has, so that no name is used twice, whatever a power cut left.
    private List<long> FindGenerationNumbers()
    {
        var numbers = new List<long>();
        foreach (string fileName in storage.ListNames())
        {
            if (!CheckpointFileName.TryParse(fileName, out CheckpointFileName name))
            {
                continue;
            }

            highestNumber = Math.Max(highestNumber, name.Number);
            if (name.IsCommitRecord)
            {
                numbers.Add(name.Number);
            }
        }
        numbers.Sort((a, b) => b.CompareTo(a));
        return numbers;
    }

    private CheckpointGeneration? TryOpen(long number, bool withFiles)
    {
        string recordName = CheckpointFileName.Whole(CheckpointFileName.CommitRecord, number);
        try
        {
            List<CheckpointFile> files = new();
            Read(recordName, CommitRecord.Kind, reader => files = CommitRecord.Read(reader, number));
            for (int i = 0; withFiles && i < files.Count; i++)
            {
                ReadFile(files[i], kind: null, content: null);
            }

            return new CheckpointGeneration(this, number, files);
        }
        catch (Exception e) when (e is CheckpointFormatException or IOException)
        {
            rejected.Add($"Checkpoint {number} is not usable: {e.Message}");
            return null;
        }
    }

    // Commit records first: a generation that loses its files is then no generation any more, rather than a damaged one.
    private void DeleteUnneeded()
    {
        undeleted.Clear();
        var needed = new HashSet<string>(StringComparer.Ordinal);
        AddNames(latest, needed);
        AddNames(previous, needed);
        try
        {
            IReadOnlyList<string> names = storage.ListNames();
            DeleteUnneeded(names, needed, commitRecords: true);
            DeleteUnneeded(names, needed, commitRecords: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            undeleted.Add(e.Message);
        }
    }

    private void DeleteUnneeded(IReadOnlyList<string> names, HashSet<string> needed, bool commitRecords)
    {
        foreach (string fileName in names)
        {
            if (!CheckpointFileName.TryParse(fileName, out CheckpointFileName name)
                || name.IsCommitRecord != commitRecords
                || needed.Contains(fileName))
            {
                continue;
            }
            try
            {
                storage.Delete(fileName);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Costs room, not safety: reported, and tried again with the next generation.
                undeleted.Add($"{fileName}: {e.Message}");
            }
        }
    }

    private static void AddNames(CheckpointGeneration? generation, HashSet<string> names)
    {
        if (generation is null)
        {
            return;
        }

        names.Add(generation.RecordFileName);
        foreach (CheckpointFile file in generation.Files)
        {
            names.Add(file.FileName);
        }
    }
}
