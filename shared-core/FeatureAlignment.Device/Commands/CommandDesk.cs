using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
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
    // A full queue means that somebody floods the device; the newest are refused by not being taken, and come again.
    private const int MostWaiting = 16;

    private readonly DeviceState state;
    private readonly IReporter reporter;
    private readonly Queue<TelemetryCommand> waiting = new();

    public CommandDesk(DeviceState state, IReporter reporter)
    {
        this.state = state;
        this.reporter = reporter;
    }

    /// <summary>Takes a command in, to be handed out by <see cref="TryTake"/>.</summary>
    public void Add(TelemetryCommand command)
    {
        if (waiting.Count < MostWaiting)
        {
            waiting.Enqueue(command);
        }
    }

    /// <summary>The next command that is to be carried out now; finished by <see cref="Finish"/>.</summary>
    public bool TryTake(in Moment now, [NotNullWhen(true)] out TelemetryCommand? command)
    {
        while (waiting.Count > 0)
        {
            TelemetryCommand next = waiting.Dequeue();

            // One that was done, or begun before a restart, has been answered or never will be; either way it is not done twice.
            if (!state.Remembers(next.Id) && IsAccepted(next, now))
            {
                command = next;
                return true;
            }
        }

        command = null;
        return false;
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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
