using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using FeatureAlignment.Device.Activities;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Commands;

/// <summary>
/// Takes commands in, each id once: what is unknown, wrong or too late is refused by name, what is right is remembered before it is handed
/// out. So a command is carried out at most once, whatever is sent again and whenever the power fails.
/// </summary>
internal sealed class CommandDesk
{
    private readonly DeviceState state;
    private readonly IReporter reporter;
    private readonly Queue<TelemetryCommand> waiting = new();

    public CommandDesk(DeviceState state, IReporter reporter)
    {
        this.state = state;
        this.reporter = reporter;
    }

    /// <summary>True when there are commands to take.</summary>
    public bool IsWaiting => waiting.Count > 0;

    /// <summary>Takes a command in, to be handed out by <see cref="TryTake"/>.</summary>
    public void Add(TelemetryCommand command) => waiting.Enqueue(command);

    /// <summary>Looks at the next command.</summary>
    /// <param name="now">When.</param>
    /// <param name="command">To be carried out now, then finished by <see cref="Finish"/>; set when true is returned.</param>
    /// <returns>False when there is none, or when it was refused or is known: then the next call looks at the next one.</returns>
    public bool TryTake(in Moment now, [NotNullWhen(true)] out TelemetryCommand? command)
    {
        // One that was done, or begun before a restart, has been answered or never will be; either way it is not done twice.
        bool isNew = waiting.TryDequeue(out command) && !state.Remembers(command.Id);
        return isNew && IsAccepted(command!, now);
    }

    /// <summary>Acknowledges a command with its result.</summary>
    public void Finish(TelemetryCommand command, CommandResult result) => reporter.Event(
        result.IsDone ? EventKinds.CommandDone : EventKinds.CommandRefused, TelemetryPriority.High, result.Text,
        new TelemetryFields { { "id", command.Id }, { "name", command.Name } });

    private bool IsAccepted(TelemetryCommand command, in Moment now)
    {
        string? problem = CommandCatalog.FindProblem(command);
        if (problem is null && command.ExpiresMilliseconds > 0 && now.UnixMilliseconds >= command.ExpiresMilliseconds)
        {
            problem = "The command has expired before it arrived; send it again if it is still wanted.";
        }

        try
        {
            state.Remember(command.Id);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            // Not remembered, it could be done twice: then rather not at all.
            problem ??= $"The storage cannot remember the command: {e.Message} Send it again, with another id.";
        }

        if (problem is not null)
        {
            Finish(command, CommandResult.Refused(problem));
        }

        return problem is null;
    }
}
