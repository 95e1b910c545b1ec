using System;
using System.Globalization;
using System.IO;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Storage;

/// <summary>
/// The files of the model that is learned now, in an area of its own that a number names. To forget a model is to count the number up,
/// which is durable in one step; its files are deleted afterwards, and a power cut between the two costs only room until the next start.
/// </summary>
internal sealed class ModelArea
{
    private const string Prefix = "model";

    private readonly DeviceState state;

    /// <param name="storage">Flash, or the card.</param>
    /// <param name="state">Remembers the number.</param>
    /// <param name="run">Name of the run; another one than the last begins a new model.</param>
    /// <exception cref="IOException">The storage fails.</exception>
    public ModelArea(IStorage storage, DeviceState state, string run)
    {
        Storage = storage;
        this.state = state;

        // Where the newest state was lost, an older one may name a model of before: the last one learned has the highest number.
        int newest = Math.Max(state.ModelNumber, HighestNumber(storage));
        if (state.Run.Length > 0 && state.Run != run)
        {
            state.TakeModel(run, newest + 1);
        }
        else if (state.Run.Length == 0 || newest != state.ModelNumber)
        {
            state.TakeModel(run, newest);
        }
    }

    /// <summary>The whole folder: data files are in it under their own names.</summary>
    public IStorage Storage { get; }

    /// <summary>The files of a model in an area of its own.</summary>
    public static StorageArea Of(IStorage storage, int number) => new(storage, Prefix + number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Highest number that a model in a storage has; 0 when there is none.</summary>
    public static int HighestNumber(IStorage storage)
    {
        int highest = 0;
        foreach (string name in storage.ListNames())
        {
            highest = Math.Max(highest, NumberOf(name) ?? 0);
        }

        return highest;
    }

    /// <summary>The checkpoints of the current model.</summary>
    public CheckpointStore OpenCheckpoints() => new(Of(Storage, state.ModelNumber));

    /// <summary>Forgets the current model and begins a new one.</summary>
    /// <exception cref="IOException">The storage fails; the model is still there.</exception>
    public void BeginAnew() => state.TakeModel(state.Run, state.ModelNumber + 1);

    /// <summary>Deletes the files of forgotten models.</summary>
    /// <exception cref="IOException">The storage fails; tried again with the next call.</exception>
    public void DeleteForgotten()
    {
        foreach (string name in Storage.ListNames())
        {
            if (NumberOf(name) is { } number && number != state.ModelNumber)
            {
                Storage.Delete(name);
            }
        }
    }

    /// <summary>Number of the model that a file belongs to; null for other files.</summary>
    private static int? NumberOf(string name)
    {
        int dash = name.IndexOf('-'), number = 0;
        bool isModel = dash > Prefix.Length && name.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Prefix.Length, dash - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return isModel ? number : null;
    }
}
