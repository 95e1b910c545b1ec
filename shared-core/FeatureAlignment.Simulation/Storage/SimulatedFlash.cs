using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Simulation.Storage;

/// <summary>
/// A medium of a board: it has a size, takes time, wears, fails on order, and loses power. Follows the contract of
/// <see cref="IStorage"/> at its weakest: after a power cut any part of what was not flushed may be missing. The files themselves are
/// in another storage, memory or a folder; a folder keeps them over the runs of the simulator.
/// </summary>
public sealed class SimulatedFlash : IDeviceStorage
{
    private readonly FlashProperties properties;
    private readonly IStorage medium;
    private readonly FlashJournal journal = new();
    private readonly HashSet<FlashStream> openStreams = new();

    /// <summary>Takes over what is in a storage, as durable.</summary>
    /// <param name="properties">Size and speed.</param>
    /// <param name="medium">Where the files are; nobody else writes there.</param>
    public SimulatedFlash(FlashProperties properties, IStorage medium)
    {
        ArgumentChecks.NotNull(properties, nameof(properties));
        ArgumentChecks.NotNull(medium, nameof(medium));
        this.properties = properties;
        this.medium = medium;
        Wear = new FlashWear(properties.BlockBytes);
        ReadNames();
    }

    /// <summary>An empty medium in memory.</summary>
    /// <param name="properties">Size and speed.</param>
    public SimulatedFlash(FlashProperties properties) : this(properties, new MemoryStorage())
    {
    }

    /// <summary>What it bore so far.</summary>
    public FlashWear Wear { get; }

    /// <summary>Operations so far that change something: create, write, flush, rename, delete.</summary>
    public long Operations { get; private set; }

    /// <summary>Power goes after this many operations: the next one does not take place.</summary>
    public long PowerCutAfter { get; set; } = long.MaxValue;

    /// <summary>False from a power cut to <see cref="RestorePower"/>: operations then throw <see cref="PowerCutException"/>.</summary>
    public bool HasPower { get; private set; } = true;

    /// <summary>Asked before each operation; answers it true, that fails with an <see cref="IOException"/> and changes nothing.</summary>
    public Func<FlashOperation, bool>? Fails { get; set; }

    /// <summary>Told how long each operation took, so that a simulated clock can go on.</summary>
    public Action<TimeSpan>? Busy { get; set; }

    /// <summary>Creations, renames and deletions since the last flush: a power cut may keep any of their combinations.</summary>
    public int UnflushedChanges => journal.UnflushedChanges;

    /// <summary>Most bytes of one file that are not flushed: a power cut may keep any number of them.</summary>
    public int UnflushedBytes => (int)journal.UnflushedBytes;

    /// <inheritdoc/>
    public long FreeBytes => Math.Max(0, properties.CapacityBytes - UsedBytes());

    /// <summary>Bytes of all files together, without what is lost to whole blocks.</summary>
    internal long ContentBytes
    {
        get
        {
            long bytes = 0;
            foreach (FlashFile file in journal.Names.Values)
            {
                bytes += file.Length;
            }

            return bytes;
        }
    }

    /// <summary>Bytes of deleted files that are kept because a power cut may still bring them back.</summary>
    internal long DeletedBytes => journal.DeletedBytes;

    /// <summary>Takes the power away now.</summary>
    public void CutPower() => HasPower = false;

    /// <summary>
    /// Gives power back: the medium now holds what was flushed, and of the rest what the loss says. Streams that were open stay dead.
    /// </summary>
    /// <param name="loss">What became of what was not flushed.</param>
    public void RestorePower(PowerLoss loss)
    {
        foreach (FlashStream stream in openStreams)
        {
            stream.Kill();
        }

        openStreams.Clear();
        Dictionary<string, FlashFile> names = journal.NamesAfter(loss);
        var changed = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, FlashFile file) in names)
        {
            if (file != Find(name) || file.FlushedLength < file.Length)
            {
                changed.Add(name, ContentAfter(file, loss));
            }
        }

        foreach (string name in medium.ListNames())
        {
            if (changed.ContainsKey(name) || !names.ContainsKey(name))
            {
                medium.Delete(name);
            }
        }

        foreach ((string name, byte[] content) in changed)
        {
            WriteToMedium(name, content);
        }

        ReadNames();
        HasPower = true;
        PowerCutAfter = long.MaxValue;
    }

    /// <summary>What <see cref="RestorePower"/> would leave, as a medium of its own in memory: to try many losses of one moment.</summary>
    /// <param name="loss">What becomes of what was not flushed.</param>
    public SimulatedFlash CopyAfter(PowerLoss loss)
    {
        var copy = new SimulatedFlash(properties);
        foreach ((string name, FlashFile file) in journal.NamesAfter(loss))
        {
            copy.WriteToMedium(name, ContentAfter(file, loss));
        }

        copy.ReadNames();
        return copy;
    }

    /// <summary>Turns any bit of any file at rest around; nothing happens when there is none.</summary>
    internal void FlipAnyBit(RandomSource random)
    {
        IReadOnlyList<string> names = medium.ListNames();
        string? name = names.Count > 0 ? names[random.NextInt32(names.Count)] : null;
        if (name is not null && ReadFromMedium(name).Length is > 0 and int length)
        {
            FlipBit(name, random.NextInt32(8 * length));
        }
    }

    /// <summary>Turns one bit of a file at rest around.</summary>
    /// <param name="name">A file's name.</param>
    /// <param name="bitIndex">From the first bit of the first byte, the least one first.</param>
    public void FlipBit(string name, long bitIndex)
    {
        byte[] content = ReadFromMedium(name);
        content[bitIndex / 8] ^= (byte)(1 << (int)(bitIndex % 8));
        Replace(name, content);
    }

    /// <summary>Cuts off the end of a file at rest.</summary>
    /// <param name="name">A file's name.</param>
    /// <param name="length">Bytes that remain.</param>
    public void Truncate(string name, int length) => Replace(name, ReadFromMedium(name)[..length]);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListNames()
    {
        RequirePower();
        return medium.ListNames();
    }

    /// <inheritdoc/>
    public Stream OpenRead(string name)
    {
        RequirePower();
        Begin(new FlashOperation(FlashOperationKind.Read, name, Operations));
        return Track(new FlashStream(this, name, Find(name) ?? new FlashFile(), medium.OpenRead(name)));
    }

    /// <inheritdoc/>
    public Stream Create(string name)
    {
        BeginChange(FlashOperationKind.Create, name);
        Stream stream = medium.Create(name);
        Wear.CountNameChange();
        return Track(new FlashStream(this, name, journal.Create(name), stream));
    }

    /// <inheritdoc/>
    public Stream OpenScratch(string name, long length)
    {
        BeginChange(FlashOperationKind.Create, name);
        if (length > FreeBytes)
        {
            throw Full();
        }

        Wear.CountNameChange();
        return Track(new FlashStream(this, name, new FlashFile { Length = length }, medium.OpenScratch(name, length)) { IsScratch = true });
    }

    /// <inheritdoc/>
    public void Flush(Stream file)
    {
        if (file is not FlashStream { IsScratch: false } stream)
        {
            throw new ArgumentException("File must come from Create of this storage; it is another stream.", nameof(file));
        }

        BeginChange(FlashOperationKind.Flush, stream.Name);
        journal.Flush(stream.File);
        Wear.CountNameChange();
    }

    /// <inheritdoc/>
    public void Rename(string name, string newName)
    {
        BeginChange(FlashOperationKind.Rename, name);
        medium.Rename(name, newName);
        journal.Rename(name, newName);
        Wear.CountNameChange();
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        BeginChange(FlashOperationKind.Delete, name);
        if (Find(name) is null)
        {
            return;
        }

        byte[] content = ReadFromMedium(name);
        medium.Delete(name);
        journal.Delete(name, content);
        Wear.CountNameChange();
    }

    internal void BeginRead(FlashStream stream, int bytes)
    {
        RequirePower();
        Begin(new FlashOperation(FlashOperationKind.Read, stream.Name, Operations), bytes);
    }

    /// <summary>Counts a write and returns how many of its bytes fit.</summary>
    internal int BeginWrite(FlashStream stream, long position, int bytes)
    {
        BeginChange(FlashOperationKind.Write, stream.Name, bytes);
        long room = properties.BytesInBlocks(stream.File.Length) - position + FreeBytes / properties.BlockBytes * properties.BlockBytes;
        int fitting = (int)Math.Clamp(room, 0, bytes);
        Wear.CountWrite(stream.File, position, fitting, stream.IsScratch);
        stream.File.Length = Math.Max(stream.File.Length, position + fitting);
        return fitting;
    }

    internal void Closed(FlashStream stream) => openStreams.Remove(stream);

    internal static IOException Full() => new("No space left on device.");

    private void BeginChange(FlashOperationKind kind, string name, long bytes = 0)
    {
        if (Operations >= PowerCutAfter)
        {
            CutPower();
        }

        RequirePower();
        long number = Operations++;
        Begin(new FlashOperation(kind, name, number), bytes);
    }

    private void Begin(FlashOperation operation, long bytes = 0)
    {
        Busy?.Invoke(properties.TimeOf(operation.Kind, bytes));
        RequirePower();
        if (Fails?.Invoke(operation) == true)
        {
            throw new IOException($"Input/output error: {operation.Kind} {operation.Name}.");
        }
    }

    private void RequirePower()
    {
        if (!HasPower)
        {
            throw new PowerCutException();
        }
    }

    private FlashStream Track(FlashStream stream)
    {
        openStreams.Add(stream);
        return stream;
    }

    private FlashFile? Find(string name) => journal.Names.GetValueOrDefault(name);

    private long UsedBytes()
    {
        long used = 0;
        foreach (FlashFile file in journal.Names.Values)
        {
            used += properties.BytesInBlocks(file.Length);
        }

        foreach (FlashStream stream in openStreams)
        {
            used += stream.IsScratch ? properties.BytesInBlocks(stream.File.Length) : 0;
        }

        return used;
    }

    private byte[] ContentAfter(FlashFile file, PowerLoss loss)
    {
        byte[] content = file.DeletedContent?.ToArray() ?? ReadFromMedium(CurrentNameOf(file));
        int durable = (int)Math.Min(content.Length, file.FlushedLength + Math.Min(loss.SurvivingBytes, content.Length));
        if (loss.Tail == TornTail.Missing)
        {
            return content[..durable];
        }

        Array.Clear(content, durable, content.Length - durable);
        return content;
    }

    private string CurrentNameOf(FlashFile file)
    {
        foreach ((string name, FlashFile other) in journal.Names)
        {
            if (other == file)
            {
                return name;
            }
        }

        throw new InvalidOperationException("A file that is not deleted must have a name; one has none.");
    }

    private void Replace(string name, byte[] content)
    {
        medium.Delete(name);
        WriteToMedium(name, content);
        ReadNames();
    }

    private byte[] ReadFromMedium(string name)
    {
        using Stream stream = medium.OpenRead(name);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private void WriteToMedium(string name, byte[] content)
    {
        using Stream stream = medium.Create(name);
        stream.Write(content);
    }

    private void ReadNames()
    {
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string name in medium.ListNames())
        {
            using Stream stream = medium.OpenRead(name);
            lengths.Add(name, stream.Length);
        }

        journal.Reset(lengths);
    }
}
