using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>A command that people can send. What is not listed can't be sent; the device checks again.</summary>
/// <param name="Key">Names the choice in the form.</param>
/// <param name="Title">What people read.</param>
/// <param name="Name">The command's name.</param>
/// <param name="Argument">Name of its argument; null when it has none.</param>
/// <param name="Smallest">Smallest value of the argument; a word instead when <paramref name="Word"/> is given.</param>
/// <param name="Largest">Largest value.</param>
/// <param name="Word">Fixed value of the argument.</param>
public sealed record CommandChoice(
    string Key, string Title, string Name, string? Argument = null, double Smallest = 0, double Largest = 0, string? Word = null)
{
    public static IReadOnlyList<CommandChoice> All { get; } =
    [
        new("pause", "Pause", CommandCatalog.Pause),
        new("resume", "Resume", CommandCatalog.Resume),
        new("train", "Learn", CommandCatalog.Train),
        new("detect", "Watch without learning", CommandCatalog.Detect),
        new("checkpoint", "Write a checkpoint", CommandCatalog.Checkpoint),
        new("evaluate", "Evaluate", CommandCatalog.Evaluate),
        new("send_reconstructions", "Send reconstructions (how many)", CommandCatalog.SendReconstructions, "count", 1, 16),
        new("label_normal", "This is normal", CommandCatalog.Label, "as", Word: "normal"),
        new("label_fault", "This is a fault", CommandCatalog.Label, "as", Word: "fault"),
        new("set_learning_rate", "Set the learning rate (to)", CommandCatalog.Set, "learning_rate", 1e-9, 10),
        new("set_threshold", "Set the anomaly threshold (to)", CommandCatalog.Set, "threshold", 1, 100),
        new("set_report_seconds", "Report every … seconds", CommandCatalog.Set, "report_seconds", 5, 86_400),
        new("benchmark", "Measure the board", CommandCatalog.Benchmark),
        new("restart", "Restart", CommandCatalog.Restart),
        new("reset_model", "Forget all and start anew", CommandCatalog.ResetModel),
    ];

    /// <summary>Whether a number must come with it.</summary>
    public bool NeedsNumber => Argument is not null && Word is null;

    /// <summary>Makes the command that a form asks for.</summary>
    /// <param name="key">Key of the choice.</param>
    /// <param name="value">The number as typed.</param>
    /// <param name="expiresMilliseconds">When it must not be done any more; 0 = never.</param>
    /// <param name="problem">What is wrong; null when the command is made.</param>
    public static TelemetryCommand? Make(string? key, string? value, long expiresMilliseconds, out string? problem)
    {
        CommandChoice? choice = All.FirstOrDefault(one => one.Key == key);
        if (choice is null)
        {
            problem = "The command must be one of the list.";
            return null;
        }

        var arguments = new TelemetryFields();
        if (choice.Word is not null)
        {
            arguments.Add(choice.Argument!, choice.Word);
        }
        else if (choice.Argument is not null)
        {
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                || !(number >= choice.Smallest && number <= choice.Largest))
            {
                problem = string.Create(CultureInfo.InvariantCulture,
                    $"“{choice.Title}” must come with a number from {choice.Smallest} to {choice.Largest}; nothing was sent.");
                return null;
            }

            arguments.Add(choice.Argument, number);
        }

        problem = null;
        return new TelemetryCommand($"c-{Guid.NewGuid():N}"[..14], choice.Name, arguments, expiresMilliseconds);
    }
}
