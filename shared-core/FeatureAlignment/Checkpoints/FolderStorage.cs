using System;
using System.Collections.Generic;
using System.IO;

namespace FeatureAlignment.Checkpoints;

/// <summary>The files directly in one directory of the operating system; folders in it are not seen.</summary>
/// <remarks>
/// <see cref="Flush"/> flushes the file (fsync, FlushFileBuffers) and not the directory, which .NET refuses to open as a file. The
/// promise of <see cref="IStorage"/> about earlier operations then rests on the file system: journals in order (ext4, XFS, NTFS,
/// APFS) or every operation durable by itself (LittleFS).
/// </remarks>
public sealed class FolderStorage : IStorage
{
    // FileStream's own buffer would only copy: what is written comes in blocks.
    private const int Unbuffered = 1;

    private FolderStorage(string path) => Path = path;

    /// <summary>Full path of the directory.</summary>
    public string Path { get; }

    /// <summary>Uses a directory that exists.</summary>
    /// <param name="path">The directory, absolute or relative to the current one.</param>
    /// <returns>The storage.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    public static FolderStorage OpenExisting(string path)
    {
        string fullPath = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(fullPath))
        {
            throw new DirectoryNotFoundException($"Folder {fullPath} must exist; it does not. Check the path.");
        }

        return new FolderStorage(fullPath);
    }

    /// <summary>Uses a directory, and creates it first when it does not exist.</summary>
    /// <param name="path">The directory, absolute or relative to the current one.</param>
    /// <returns>The storage.</returns>
    /// <exception cref="IOException">It cannot be created: no permission, or a file is in its place.</exception>
    public static FolderStorage OpenOrCreate(string path)
    {
        string fullPath = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(fullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Folder {fullPath} must exist or be created; that failed: {e.Message} Choose another folder.", e);
        }
        return new FolderStorage(fullPath);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListNames()
    {
        string[] paths = Directory.GetFiles(Path);
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = System.IO.Path.GetFileName(paths[i]);
        }

        return paths;
    }

    /// <inheritdoc/>
    public Stream OpenRead(string name) =>
        new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, Unbuffered);

    /// <inheritdoc/>
    public Stream Create(string name) =>
        new FileStream(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, Unbuffered);

    /// <inheritdoc/>
    public Stream OpenScratch(string name, long length)
    {
        var stream = new FileStream(
            PathOf(name), FileMode.Create, FileAccess.ReadWrite, FileShare.None, Unbuffered, FileOptions.DeleteOnClose);
        stream.SetLength(length);
        return stream;
    }

    /// <inheritdoc/>
    public void Flush(Stream file)
    {
        if (file is not FileStream stream)
        {
            throw new ArgumentException("File must come from Create of this storage; it is another stream.", nameof(file));
        }

        stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Rename(string name, string newName) => File.Move(PathOf(name), PathOf(newName));

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(PathOf(name));

    private string PathOf(string name)
    {
        if (string.IsNullOrEmpty(name) || name is "." or ".." || name.Contains('/') || name.Contains('\\'))
        {
            throw new ArgumentException($"File name must be a name without folders; was '{name}'.", nameof(name));
        }

        return System.IO.Path.Combine(Path, name);
    }
}
