using System;
using System.Collections.Generic;

namespace FeatureAlignment.Simulation.Storage;

/// <summary>The names as programs see them, the names that are durable, and the changes between the two.</summary>
internal sealed class FlashJournal
{
    private readonly Dictionary<string, FlashFile> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FlashFile> durableNames = new(StringComparer.Ordinal);
    private readonly List<NameChange> changes = new();

    public IReadOnlyDictionary<string, FlashFile> Names => names;

    public int UnflushedChanges => changes.Count;

    public long UnflushedBytes
    {
        get
        {
            long most = 0;
            foreach (FlashFile file in names.Values)
            {
                most = Math.Max(most, file.Length - file.FlushedLength);
            }

            return most;
        }
    }

    public long DeletedBytes
    {
        get
        {
            // A file that was created, renamed and deleted since the last flush has three changes and one content.
            long bytes = 0;
            foreach (NameChange change in changes)
            {
                bytes += change.NewName is null ? change.File.DeletedContent?.Length ?? 0 : 0;
            }

            return bytes;
        }
    }

    /// <summary>Forgets everything; these files are there, durable.</summary>
    public void Reset(IEnumerable<KeyValuePair<string, long>> lengths)
    {
        names.Clear();
        durableNames.Clear();
        changes.Clear();
        foreach ((string name, long length) in lengths)
        {
            names[name] = durableNames[name] = new FlashFile { Length = length, FlushedLength = length };
        }
    }

    public FlashFile Create(string name)
    {
        var file = new FlashFile();
        Apply(new NameChange(null, name, file));
        return file;
    }

    public void Rename(string name, string newName) => Apply(new NameChange(name, newName, names[name]));

    public void Delete(string name, byte[] content)
    {
        names[name].DeletedContent = content;
        Apply(new NameChange(name, null, names[name]));
    }

    public void Flush(FlashFile file)
    {
        file.FlushedLength = file.Length;
        file.BlockInProgress = -1;
        foreach (NameChange change in changes)
        {
            change.ApplyTo(durableNames, leavesOldName: false);
            change.File.DeletedContent = null;
        }

        changes.Clear();
    }

    /// <summary>The names that a restart finds.</summary>
    public Dictionary<string, FlashFile> NamesAfter(PowerLoss loss)
    {
        var survivors = new Dictionary<string, FlashFile>(durableNames, StringComparer.Ordinal);
        for (int i = 0; i < changes.Count && i < 64; i++)
        {
            if ((loss.SurvivingChanges >> i & 1) != 0)
            {
                changes[i].ApplyTo(survivors, leavesOldName: loss.Tail == TornTail.Zeros);
            }
        }

        return survivors;
    }

    private void Apply(NameChange change)
    {
        change.ApplyTo(names, leavesOldName: false);
        changes.Add(change);
    }

    // A creation has no old name, a deletion no new one.
    private sealed record NameChange(string? Name, string? NewName, FlashFile File)
    {
        // A change of a name that did not become durable has no effect.
        public void ApplyTo(Dictionary<string, FlashFile> names, bool leavesOldName)
        {
            if (Name != null && (!names.TryGetValue(Name, out FlashFile? file) || file != File))
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
}
