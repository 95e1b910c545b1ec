using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Simulation.Storage;

/// <summary>Files in memory. Every change is durable at once, as far as memory is.</summary>
public sealed class MemoryStorage : IStorage
{
    private readonly Dictionary<string, MemoryFile> files = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListNames()
    {
        var names = new List<string>(files.Keys);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <inheritdoc/>
    public Stream OpenRead(string name)
    {
        MemoryFile file = Find(name);
        return new MemoryStream(file.GetBuffer(), 0, (int)file.Length, writable: false);
    }

    /// <inheritdoc/>
    public Stream Create(string name)
    {
        RequireUnused(name);
        var file = new MemoryFile();
        files.Add(name, file);
        return file;
    }

    /// <inheritdoc/>
    public Stream OpenScratch(string name, long length) => new MemoryStream(new byte[length]);

    /// <inheritdoc/>
    public void Flush(Stream file)
    {
    }

    /// <inheritdoc/>
    public void Rename(string name, string newName)
    {
        MemoryFile file = Find(name);
        RequireUnused(newName);
        files.Remove(name);
        files.Add(newName, file);
    }

    /// <inheritdoc/>
    public void Delete(string name) => files.Remove(name);

    private MemoryFile Find(string name) => files.TryGetValue(name, out MemoryFile? file)
        ? file
        : throw new FileNotFoundException($"File {name} must exist; it does not.", name);

    private void RequireUnused(string name)
    {
        if (files.ContainsKey(name))
        {
            throw new IOException($"File name {name} must not be in use; it is.");
        }
    }

    // Stays readable when the stream that wrote it is closed.
    private sealed class MemoryFile : MemoryStream
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
