using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>A folder from which nothing can be deleted, as when another program has its files open.</summary>
internal sealed class KeepingStorage(IStorage folder) : IStorage
{
    public IReadOnlyList<string> ListNames() => folder.ListNames();

    public Stream OpenRead(string name) => folder.OpenRead(name);

    public Stream Create(string name) => folder.Create(name);

    public Stream OpenScratch(string name, long length) => folder.OpenScratch(name, length);

    public void Flush(Stream file) => folder.Flush(file);

    public void Rename(string name, string newName) => folder.Rename(name, newName);

    public void Delete(string name) => throw new IOException("In use.");
}
