using System;
using System.IO;
using FeatureAlignment.Checkpoints;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>What commands see of the world around them; tests hand in their own.</summary>
internal sealed record CommandEnvironment
{
    private const int RedirectedWidth = 120;

    public required IAnsiConsole Output { get; init; }

    public required TextWriter Error { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens the folder of a run's checkpoints; created when it does not exist.</summary>
    public Func<string, IStorage> OpenStorage { get; init; } = FolderStorage.OpenOrCreate;

    /// <summary>Folder in which runs without <c>--out</c> get their numbered folders.</summary>
    public required string RunsFolder { get; init; }

    /// <summary>Whether progress is redrawn in place; else it is printed line by line.</summary>
    public bool IsLive { get; init; }

    /// <summary>Whether errors come with their stack trace.</summary>
    public bool IsDebugging { get; init; }

    public static CommandEnvironment OfProcess()
    {
        Console.SetOut(new NamedOutput(Console.Out));
        IAnsiConsole output = AnsiConsole.Console;
        bool isTerminal = !Console.IsOutputRedirected;
        if (!isTerminal)
        {
            // A file or pipe has no width; without one, tables would break at 80 columns.
            output.Profile.Width = RedirectedWidth;
        }

        return new CommandEnvironment
        {
            Output = output,
            Error = Console.Error,
            RunsFolder = "runs",
            IsLive = isTerminal
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb",
            IsDebugging = Environment.GetEnvironmentVariable("FEATUREALIGNMENT_DEBUG") == "1",
        };
    }
}
