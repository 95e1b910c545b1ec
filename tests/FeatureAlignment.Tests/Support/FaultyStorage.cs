using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Tests.Support;

/// <summary>
/// Files in memory behind a volatile cache, with power cuts and a limited size. Follows the contract of <see cref="IStorage"/> at its
/// weakest: after a power cut, of what came after the last flush any combination of creations, renames and deletions is lost, a
/// rename may have left both names, and the bytes of a file may end anywhere or be zeros from anywhere on.
/// </summary>
public sealed class FaultyStorage : IStorage
{
    private readonly Dictionary<string, Node> names = new();
    private readonly List<FolderOperation> unflushed = new();
    private readonly Dictionary<string, Node> flushedNames = new();
    private readonly List<Node> unflushedFiles = new();

    /// <summary>Storage operations so far: create, write, flush, rename, delete. Listing and reading change nothing.</summary>
    public int Operations { get; private set; }

    /// <summary>Power goes after this many operations: the next one does not happen.</summary>
    public int PowerCutAfter { get; set; } = int.MaxValue;

    /// <summary>The operation after this many fails with an <see cref="IOException"/> and does nothing; later ones work.</summary>
    public int FailureAfter { get; set; } = int.MaxValue;

    /// <summary>Bytes that fit; the write that exceeds them writes what fits and fails.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Deleting a file of this name fails with an <see cref="IOException"/>.</summary>
    public string? Undeletable { get; set; }

    /// <summary>Operations on names since the last flush; a power cut keeps any of the 2^n combinations.</summary>
    public int UnflushedOperations => unflushed.Count;

    /// <summary>Most bytes of one file since it was last flushed.</summary>
    public int UnflushedBytes => unflushedFiles.Count == 0 ? 0 : unflushedFiles.Max(file => file.Bytes.Count - file.FlushedBytes);

    public long UsedBytes => names.Values.Sum(file => (long)file.Bytes.Count);

    public IReadOnlyList<string> ListNames()
    {
        RequirePower();
        return names.Keys.OrderBy(name => name, StringComparer.Ordinal).ToArray();
    }

    /// <summary>The names as programs see them, with or without power.</summary>
    public IReadOnlyCollection<string> Names => names.Keys;

    public byte[] Contents(string name) => names[name].Bytes.ToArray();

    public void Overwrite(string name, byte[] bytes)
    {
        var file = new Node { FlushedBytes = bytes.Length };
        file.Bytes.AddRange(bytes);
        names[name] = flushedNames[name] = file;
    }

    public Stream OpenRead(string name)
    {
        RequirePower();
        return names.TryGetValue(name, out Node? file)
            ? new MemoryStream(file.Bytes.ToArray(), writable: false)
            : throw new FileNotFoundException($"There is no file {name}.");
    }

    public Stream Create(string name)
    {
        Count();
        if (names.ContainsKey(name))
        {
            throw new IOException($"There is a file {name} already.");
        }

        var file = new Node();
        names.Add(name, file);
        unflushedFiles.Add(file);
        unflushed.Add(new FolderOperation(null, name, file));
        return new FileStreamFake(this, file);
    }

    /// <summary>A working file is gone after a power cut, so it needs no place among the names.</summary>
    public Stream OpenScratch(string name, long length)
    {
        Count();
        return new MemoryStream(new byte[length]);
    }

    public void Flush(Stream file)
    {
        Count();
        Node node = ((FileStreamFake)file).File;
        node.FlushedBytes = node.Bytes.Count;
        unflushedFiles.Remove(node);
        foreach (FolderOperation operation in unflushed)
        {
            operation.ApplyTo(flushedNames, leavesOldName: false);
        }

        unflushed.Clear();
    }

    public void Rename(string name, string newName)
    {
        Count();
        if (names.ContainsKey(newName))
        {
            throw new IOException($"There is a file {newName} already.");
        }

        Do(new FolderOperation(name, newName, names[name]));
    }

    public void Delete(string name)
    {
        Count();
        if (name == Undeletable)
        {
            throw new IOException($"The file {name} is in use.");
        }

        if (names.TryGetValue(name, out Node? file))
        {
            Do(new FolderOperation(name, null, file));
        }
    }

    /// <summary>What a restart finds.</summary>
    /// <param name="survivors">Bit i tells whether the i-th unflushed operation on names became durable.</param>
    /// <param name="tornBytes">Of each file that was not flushed, this many unflushed bytes survive.</param>
    /// <param name="tail">What becomes of the others.</param>
    public FaultyStorage AfterPowerCut(ulong survivors, int tornBytes, TornTail tail)
    {
        var names = new Dictionary<string, Node>(flushedNames);
        for (int i = 0; i < unflushed.Count; i++)
        {
            if ((survivors >> i & 1) != 0)
            {
                unflushed[i].ApplyTo(names, leavesOldName: tail == TornTail.Zeros);
            }
        }
        var restarted = new FaultyStorage();
        foreach ((string name, Node file) in names)
        {
            byte[] bytes = file.Bytes.ToArray();
            int whole = Math.Min(bytes.Length, file.FlushedBytes + tornBytes);
            if (tail == TornTail.Missing)
            {
                bytes = bytes[..whole];
            }
            else
            {
                Array.Clear(bytes, whole, bytes.Length - whole);
            }

            restarted.Overwrite(name, bytes);
        }
        return restarted;
    }

    private void Do(FolderOperation operation)
    {
        operation.ApplyTo(names, leavesOldName: false);
        unflushed.Add(operation);
    }

    private void Count()
    {
        RequirePower();
        if (Operations++ == FailureAfter)
        {
            throw new IOException("Input/output error.");
        }
    }

    private void RequirePower()
    {
        if (Operations >= PowerCutAfter)
        {
            throw new PowerCutException();
        }
    }

    private sealed class Node
    {
        public List<byte> Bytes { get; } = new();

        public int FlushedBytes { get; set; }
    }

    private sealed record FolderOperation(string? Name, string? NewName, Node File)
    {
        // Operations on a name that did not become durable have no effect.
        public void ApplyTo(Dictionary<string, Node> names, bool leavesOldName)
        {
            if (Name != null && (!names.TryGetValue(Name, out Node? file) || file != File))
            {
                return;
            }

            if (Name != null && !(leavesOldName && NewName != null))
            {
                names.Remove(Name);
            }

            if (NewName != null)
            {
                names[NewName] = File;
            }
        }
    }

    private sealed class FileStreamFake(FaultyStorage storage, Node file) : Stream
    {
        public Node File => file;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Bytes.Count;

        public override long Position { get => Length; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            storage.Count();
            int fitting = (int)Math.Clamp(storage.Capacity - storage.UsedBytes, 0, count);
            file.Bytes.AddRange(buffer.AsSpan(offset, fitting));
            if (fitting < count)
            {
                throw new IOException("No space left on device.");
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>What stands in a file behind the last byte that became durable.</summary>
public enum TornTail
{
    /// <summary>The file ends there.</summary>
    Missing,

    /// <summary>The file has its length, and zeros to the end.</summary>
    Zeros,
}
