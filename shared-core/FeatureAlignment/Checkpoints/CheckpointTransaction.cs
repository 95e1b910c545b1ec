using System;
using System.Collections.Generic;
using System.IO;

namespace FeatureAlignment.Checkpoints;

/// <summary>
/// A generation being written. It takes effect with <see cref="Commit"/>, as a whole; disposed before, it leaves nothing behind.
/// </summary>
public sealed class CheckpointTransaction : IDisposable
{
    private readonly CheckpointStore store;
    private readonly IStorage storage;
    private readonly CheckpointGeneration? previous;
    private readonly List<CheckpointFile> files = new();
    private bool isUsable = true;

    internal CheckpointTransaction(CheckpointStore store, IStorage storage, CheckpointGeneration? previous, long number)
    {
        this.store = store;
        this.storage = storage;
        this.previous = previous;
        Number = number;
    }

    /// <summary>The number that the generation will have.</summary>
    public long Number { get; }

    /// <summary>Writes a file of the new generation.</summary>
    /// <param name="name">Such as <c>layer-0</c>: 1 to 40 of a-z, 0-9 and '-'; not <c>checkpoint</c>; once in a generation.</param>
    /// <param name="kind">What the file holds, such as <c>layer</c>: 1 to 8 printable ASCII characters without spaces.</param>
    /// <param name="content">Writes the fields; does not call <see cref="CheckpointWriter.Complete"/>.</param>
    /// <exception cref="IOException">The storage fails or is full; says which generation remains. The transaction is over.</exception>
    public void Write(string name, string kind, Action<CheckpointWriter> content)
    {
        RequireNewName(name);
        files.Add(WriteWhole(name, kind, content));
    }

    /// <summary>Takes a file of the previous generation over into the new one. Writes nothing: the two share the file.</summary>
    /// <param name="name">A name in the previous generation, not yet in this one.</param>
    /// <exception cref="ArgumentException">The previous generation has no such file.</exception>
    public void Keep(string name)
    {
        RequireNewName(name);
        files.Add(previous?.Find(name)
            ?? throw new ArgumentException($"A kept file must be in the previous checkpoint; '{name}' is not. Write it.", nameof(name)));
    }

    /// <summary>
    /// Makes the generation the newest. Then deletes what neither it nor its predecessor needs; what cannot be deleted is listed in
    /// <see cref="CheckpointStore.Undeleted"/>.
    /// </summary>
    /// <param name="position">Writes fields into the commit record: where training stands.</param>
    /// <returns>The generation.</returns>
    /// <exception cref="IOException">The storage fails or is full; says which generation remains. The transaction is over.</exception>
    public CheckpointGeneration Commit(Action<CheckpointWriter> position)
    {
        RequireUsable();
        WriteWhole(CheckpointFileName.CommitRecord, CommitRecord.Kind, writer =>
        {
            CommitRecord.Write(writer, Number, files);
            position(writer);
        });
        isUsable = false;
        return store.Committed(new CheckpointGeneration(store, Number, files));
    }

    /// <summary>Gives up what is not committed and deletes it; after <see cref="Commit"/> does nothing.</summary>
    public void Dispose()
    {
        isUsable = false;
        store.Ended(Number);
    }

    private CheckpointFile WriteWhole(string name, string kind, Action<CheckpointWriter> content)
    {
        RequireUsable();
        // Left so by an exception: a generation in which a file is missing must not be committed.
        isUsable = false;
        string temporaryName = CheckpointFileName.Temporary(name, Number);
        byte[] block = store.RentBlock();
        try
        {
            CheckpointFile file;
            using (Stream stream = storage.Create(temporaryName))
            {
                var writer = new CheckpointWriter(stream, kind, block);
                try
                {
                    content(writer);
                    writer.Complete();
                }
                finally
                {
                    store.BytesWritten += writer.BytesWritten;
                }
                storage.Flush(stream);
                file = new CheckpointFile(name, Number, writer.BytesWritten, writer.Checksum);
            }
            storage.Rename(temporaryName, file.FileName);
            isUsable = true;
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string remains = previous is null ? "There is no earlier checkpoint" : $"Checkpoint {previous.Number} remains usable";
            throw new IOException(
                $"Checkpoint {Number} could not be written: {temporaryName}: {e.Message.TrimEnd('.')}. {remains}; " +
                "free storage or mend it, then try again.", e);
        }
        finally
        {
            store.ReturnBlock(block);
        }
    }

    private void RequireNewName(string name)
    {
        RequireUsable();
        if (name is null || name == CheckpointFileName.CommitRecord || !CheckpointFileName.IsPart(name))
        {
            throw new ArgumentException(
                $"File name must be 1 to 40 of a-z, 0-9 and '-', and not '{CheckpointFileName.CommitRecord}'; was '{name}'.", nameof(name));
        }
        foreach (CheckpointFile file in files)
        {
            if (file.Name == name)
            {
                throw new ArgumentException($"A file must be written or kept once in a checkpoint; '{name}' already was.", nameof(name));
            }
        }
    }

    private void RequireUsable()
    {
        if (!isUsable || store.NumberInProgress != Number)
        {
            throw new InvalidOperationException(
                $"Checkpoint {Number} must be in progress; it is committed, given up or failed. Begin another.");
        }
    }
}
