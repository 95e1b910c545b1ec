using System;
using System.Collections.Generic;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Storage;

/// <summary>
/// What a device knows of itself over all its starts and runs: how often it started and why, which commands it has done, what its flash
/// bore. Every change that must not be forgotten is durable when the method that makes it returns.
/// </summary>
public sealed class DeviceState
{
    /// <summary>Ids of commands that are remembered; older ones are forgotten.</summary>
    public const int MostCommands = 64;

    // Wear is saved this often: what a power cut makes the ledger forget.
    private static readonly TimeSpan WearPeriod = TimeSpan.FromHours(1);

    private readonly StateFiles files;
    private readonly Dictionary<string, int> restarts = new(StringComparer.Ordinal);
    private readonly Queue<string> commands = new();
    private TimeSpan newestSave;

    private DeviceState(StateFiles files) => this.files = files;

    /// <summary>Number of this start: 1 or more, above that of every start before, whatever power cuts and damage there were.</summary>
    public int Boot { get; private set; }

    /// <summary>False until <see cref="CompleteFirstStart"/> was called, in this start or an earlier one.</summary>
    public bool IsFirstStartCompleted { get; private set; }

    /// <summary>Starts by their reason; the oldest state that could be read counts from nothing.</summary>
    public IReadOnlyDictionary<string, int> Restarts => restarts;

    /// <summary>Name of the run that the model was learned in; empty before the first.</summary>
    public string Run { get; private set; } = "";

    /// <summary>Number of the model that is learned now; greater than that of every one that was forgotten.</summary>
    public int ModelNumber { get; private set; }

    /// <summary>What the flash bore, as <see cref="KeepWear"/> was told last.</summary>
    public WearTotals Wear { get; private set; }

    /// <summary>State files that could not be deleted the last time, one message each; tried again with the next save.</summary>
    public IReadOnlyList<string> Undeleted => files.Undeleted;

    /// <summary>State files that were found and could not be used, one message each, newest first; empty when all is well.</summary>
    public IReadOnlyList<string> Rejected => files.Rejected;

    /// <summary>Reads the state, counts this start and saves it. Returns when the new <see cref="Boot"/> is durable.</summary>
    /// <param name="storage">The area of the state; touches only files named <c>state.number.lfa</c>.</param>
    /// <param name="restartReason">Why the device started, such as <c>power</c>.</param>
    /// <returns>The state. When no file was usable it begins anew, with a <see cref="Boot"/> above all earlier ones.</returns>
    /// <exception cref="System.IO.IOException">The storage fails: without a number of its own no start may send anything.</exception>
    public static DeviceState Start(IStorage storage, string restartReason)
    {
        ArgumentChecks.NotNull(storage, nameof(storage));
        ArgumentChecks.NotNull(restartReason, nameof(restartReason));
        var state = new DeviceState(new StateFiles(storage));
        if (state.files.TryRead(state.Read))
        {
            // From one file to the next the number of the start grows by one at most: so this is above all that damaged files may hold.
            state.Boot += checked((int)(state.files.HighestNumber - state.files.NewestNumber + 1));
        }
        else
        {
            // For the same reason no start has a number above that of its file.
            state.Forget();
            state.Boot = checked((int)(state.files.HighestNumber + 1));
        }

        state.restarts[restartReason] = state.restarts.GetValueOrDefault(restartReason) + 1;
        state.Save();
        return state;
    }

    /// <summary>Reads the state of a device that does not run; nothing is counted or changed.</summary>
    /// <param name="storage">The area of the state.</param>
    /// <returns>The newest state that is whole; null when there is none.</returns>
    internal static DeviceState? Read(IStorage storage)
    {
        var state = new DeviceState(new StateFiles(storage));
        return state.files.TryRead(state.Read) ? state : null;
    }

    /// <summary>Whether a command was done, or begun, already.</summary>
    /// <param name="id">The command's id.</param>
    public bool Remembers(string id) => commands.Contains(id);

    /// <summary>Remembers a command. To be called before it is carried out: it is then done at most once, whatever happens.</summary>
    /// <param name="id">The command's id; 1 to 64 characters.</param>
    /// <exception cref="System.IO.IOException">The storage fails; the id is remembered until the device stops.</exception>
    public void Remember(string id)
    {
        ArgumentChecks.NotNull(id, nameof(id));
        if (commands.Contains(id))
        {
            return;
        }

        if (commands.Count == MostCommands)
        {
            commands.Dequeue();
        }

        commands.Enqueue(id);
        Save();
    }

    /// <summary>What is done once in a device's life is done.</summary>
    /// <exception cref="System.IO.IOException">The storage fails; it is done again after a restart.</exception>
    public void CompleteFirstStart()
    {
        IsFirstStartCompleted = true;
        Save();
    }

    /// <summary>Names the model to learn from now on. When this returns, all others are forgotten and their files may be deleted.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="number">Number of the model.</param>
    /// <exception cref="System.IO.IOException">The storage fails; the model is still the last one.</exception>
    public void TakeModel(string run, int number)
    {
        ArgumentChecks.NotNull(run, nameof(run));
        (string Run, int Number) last = (Run, ModelNumber);
        Run = run;
        ModelNumber = number;
        try
        {
            Save();
        }
        catch
        {
            (Run, ModelNumber) = last;
            throw;
        }
    }

    /// <summary>Saves the wear when an hour has passed since it last was.</summary>
    /// <param name="uptime">Time since the device started.</param>
    /// <param name="wear">Where the ledger stands.</param>
    /// <exception cref="System.IO.IOException">The storage fails; tried again after another hour.</exception>
    public void KeepWear(TimeSpan uptime, WearTotals wear)
    {
        Wear = wear;
        if (uptime - newestSave >= WearPeriod)
        {
            newestSave = uptime;
            Save();
        }
    }

    /// <summary>Saves everything with the wear as it stands: before a stop.</summary>
    /// <param name="wear">Where the ledger stands.</param>
    /// <exception cref="System.IO.IOException">The storage fails; the state before remains.</exception>
    public void Keep(WearTotals wear)
    {
        Wear = wear;
        Save();
    }

    /// <summary>Saves everything now.</summary>
    /// <exception cref="System.IO.IOException">The storage fails; the state before remains.</exception>
    public void Save() => files.Write(Write);

    private void Forget()
    {
        IsFirstStartCompleted = false;
        Run = "";
        ModelNumber = 0;
        Wear = default;
        restarts.Clear();
        commands.Clear();
    }

    private void Write(CheckpointWriter writer)
    {
        writer.Write("boot", Boot);
        writer.Write("run", Run);
        writer.Write("model", ModelNumber);
        writer.Write("first-start", IsFirstStartCompleted ? 1 : 0);
        writer.Write("bytes-ever", Wear.BytesEver);
        writer.Write("bytes-today", Wear.BytesToday);
        writer.Write("ticks-today", Wear.TimeToday.Ticks);
        writer.Write("restarts", restarts.Count);
        foreach ((string reason, int count) in restarts)
        {
            writer.Write("reason", reason);
            writer.Write("count", count);
        }

        writer.Write("commands", commands.Count);
        foreach (string id in commands)
        {
            writer.Write("id", id);
        }
    }

    private void Read(CheckpointReader reader)
    {
        Forget();
        Boot = reader.ReadInt("boot");
        Run = reader.ReadString("run");
        ModelNumber = reader.ReadInt("model");
        IsFirstStartCompleted = reader.ReadInt("first-start") != 0;
        Wear = new WearTotals(reader.ReadLong("bytes-ever"), reader.ReadLong("bytes-today"), new TimeSpan(reader.ReadLong("ticks-today")));
        for (int i = reader.ReadInt("restarts"); i > 0; i--)
        {
            restarts[reader.ReadString("reason")] = reader.ReadInt("count");
        }

        for (int i = reader.ReadInt("commands"); i > 0; i--)
        {
            commands.Enqueue(reader.ReadString("id"));
        }
    }
}
