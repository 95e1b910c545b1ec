using System;
using System.Collections.Generic;

namespace FeatureAlignment.Checkpoints;

/// <summary>One whole checkpoint: a commit record, which holds the training position, and the files that it lists.</summary>
public sealed class CheckpointGeneration
{
    private readonly CheckpointStore store;

    internal CheckpointGeneration(CheckpointStore store, long number, IReadOnlyList<CheckpointFile> files)
    {
        this.store = store;
        Number = number;
        Files = files;
        RecordFileName = CheckpointFileName.Whole(CheckpointFileName.CommitRecord, number);
    }

    /// <summary>Greater than that of every earlier generation; gaps are normal.</summary>
    public long Number { get; }

    /// <summary>Its files in the order they were written or kept.</summary>
    public IReadOnlyList<CheckpointFile> Files { get; }

    internal string RecordFileName { get; }

    /// <summary>The file of that name, or <c>null</c>.</summary>
    /// <param name="name">A name as it was written, such as <c>layer-0</c>.</param>
    /// <returns>The file's entry in the commit record.</returns>
    public CheckpointFile? Find(string name)
    {
        foreach (CheckpointFile file in Files)
        {
            if (file.Name == name)
            {
                return file;
            }
        }
        return null;
    }

    /// <summary>Checks a file once more, then reads it; every field must be read.</summary>
    /// <param name="name">A name as it was written, such as <c>layer-0</c>.</param>
    /// <param name="kind">The kind it was written as.</param>
    /// <param name="content">Reads the fields in the order they were written.</param>
    /// <exception cref="CheckpointFormatException">
    /// No such file in this generation, or it is not as the commit record says, or holds something else than was asked for. Values
    /// that <paramref name="content"/> got before the exception must not be used.
    /// </exception>
    /// <exception cref="System.IO.IOException">The storage fails.</exception>
    public void Read(string name, string kind, Action<CheckpointReader> content)
    {
        CheckpointFile file = Find(name) ?? throw new CheckpointFormatException(
            RecordFileName, $"file '{name}' expected; not in this checkpoint. Use the layers and settings it was written with.");
        store.ReadFile(file, kind, content);
    }

    /// <summary>Reads what <see cref="CheckpointTransaction.Commit"/> wrote into the commit record; every field must be read.</summary>
    /// <param name="content">Reads the fields in the order they were written.</param>
    /// <exception cref="CheckpointFormatException">As in <see cref="Read"/>.</exception>
    /// <exception cref="System.IO.IOException">The storage fails.</exception>
    public void ReadPosition(Action<CheckpointReader> content) => store.ReadPosition(this, content);
}
