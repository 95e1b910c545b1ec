using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Storage;

/// <summary>The files of a storage whose names begin alike: owners share a flat folder and none sees, or deletes, another's.</summary>
public sealed class StorageArea : IStorage
{
    private readonly IStorage storage;
    private readonly string prefix;

    /// <summary>Creates the view; nothing is read.</summary>
    /// <param name="storage">The whole folder.</param>
    /// <param name="name">Name of the area, <c>[a-z]+</c>; files are named <c>name-…</c>. No area's name may begin with another's and
    /// a dash.</param>
    public StorageArea(IStorage storage, string name)
    {
        ArgumentChecks.NotNull(storage, nameof(storage));
        ArgumentChecks.NotNull(name, nameof(name));
        this.storage = storage;
        prefix = name + "-";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListNames()
    {
        var names = new List<string>();
        foreach (string name in storage.ListNames())
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                names.Add(name.Substring(prefix.Length));
            }
        }

        return names;
    }

    /// <inheritdoc/>
    public Stream OpenRead(string name) => storage.OpenRead(prefix + name);

    /// <inheritdoc/>
    public Stream Create(string name) => storage.Create(prefix + name);

    /// <inheritdoc/>
    public Stream OpenScratch(string name, long length) => storage.OpenScratch(prefix + name, length);

    /// <inheritdoc/>
    public void Flush(Stream file) => storage.Flush(file);

    /// <inheritdoc/>
    public void Rename(string name, string newName) => storage.Rename(prefix + name, prefix + newName);

    /// <inheritdoc/>
    public void Delete(string name) => storage.Delete(prefix + name);
}
