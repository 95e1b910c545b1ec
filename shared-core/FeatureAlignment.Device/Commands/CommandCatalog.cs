using System;
using System.Collections.Generic;
using System.Globalization;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Commands;

/// <summary>Every command that a device knows, with its arguments. What is not here is refused by name.</summary>
public static class CommandCatalog
{
    /// <summary>Stop learning and watching until <see cref="Resume"/>.</summary>
    public const string Pause = "pause";

    /// <summary>Go on after <see cref="Pause"/>.</summary>
    public const string Resume = "resume";

    /// <summary>Learn.</summary>
    public const string Train = "train";

    /// <summary>Watch without learning.</summary>
    public const string Detect = "detect";

    /// <summary>Write a checkpoint now.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>Evaluate on the test files.</summary>
    public const string Evaluate = "evaluate";

    /// <summary>Send <c>count</c> pictures of reconstructions, one after the other.</summary>
    public const string SendReconstructions = "send_reconstructions";

    /// <summary>Change one setting until the next start: <c>learning_rate</c>, <c>threshold</c> or <c>report_seconds</c>.</summary>
    public const string Set = "set";

    /// <summary>Forget everything that was learned and start the run anew.</summary>
    public const string ResetModel = "reset_model";

    /// <summary>Restart the device.</summary>
    public const string Restart = "restart";

    /// <summary>Measure the device.</summary>
    public const string Benchmark = "benchmark";

    /// <summary>
    /// Label the current window: <c>as</c> is <c>normal</c>, <c>fault</c>, or <c>class</c> with its number, from 0, as <c>class</c>.
    /// </summary>
    public const string Label = "label";

    private static readonly Dictionary<string, Argument[]> Arguments = new(StringComparer.Ordinal)
    {
        [Pause] = Array.Empty<Argument>(),
        [Resume] = Array.Empty<Argument>(),
        [Train] = Array.Empty<Argument>(),
        [Detect] = Array.Empty<Argument>(),
        [Checkpoint] = Array.Empty<Argument>(),
        [Evaluate] = Array.Empty<Argument>(),
        [SendReconstructions] = new[] { Argument.Number("count", 1, 16, isRequired: false) },
        [Set] = new[]
        {
            Argument.Number("learning_rate", 1e-9, 10, isRequired: false),
            Argument.Number("threshold", 1, 100, isRequired: false),
            Argument.Number("report_seconds", 5, 86_400, isRequired: false),
        },
        [ResetModel] = Array.Empty<Argument>(),
        [Restart] = Array.Empty<Argument>(),
        [Benchmark] = Array.Empty<Argument>(),
        [Label] = new[]
        {
            Argument.Word("as", "normal", "fault", "class"),
            Argument.Whole("class", 0, SettingDefinitions.MostClasses - 1, isRequired: false),
        },
    };

    /// <summary>Names of all commands.</summary>
    public static IReadOnlyCollection<string> Names => Arguments.Keys;

    /// <summary>Says what is wrong with a command.</summary>
    /// <returns>What must hold and what was found; null when the command can be carried out.</returns>
    public static string? FindProblem(TelemetryCommand command)
    {
        ArgumentChecks.NotNull(command, nameof(command));
        if (!Arguments.TryGetValue(command.Name, out Argument[]? expected))
        {
            return $"A command must be one of {string.Join(", ", Arguments.Keys)}; was {command.Name}.";
        }

        foreach (KeyValuePair<string, TelemetryValue> given in command.Args)
        {
            if (Array.FindIndex(expected, argument => argument.Name == given.Key) < 0)
            {
                return $"{command.Name} has no argument {given.Key}.";
            }
        }

        foreach (Argument argument in expected)
        {
            if (argument.FindProblem(command) is { } problem)
            {
                return problem;
            }
        }

        return command.Name switch
        {
            // One, so that it is done or refused as a whole.
            Set when command.Args.Count != 1 =>
                $"set must name one of learning_rate, threshold, report_seconds; it names {command.Args.Count}.",
            Label when IsAsClass(command) != command.Args.TryGet("class", out _) =>
                "label must have the argument class with as=class, and only then.",
            _ => null,
        };
    }

    private static bool IsAsClass(TelemetryCommand label) => label.Args.TryGet("as", out TelemetryValue? kind) && kind.Text == "class";

    /// <summary>One argument: a number in a range, or one of some words.</summary>
    private sealed class Argument
    {
        private readonly bool isRequired;
        private readonly bool isWhole;
        private readonly double smallest;
        private readonly double largest;
        private readonly string[]? words;

        private Argument(string name, bool isRequired, bool isWhole, double smallest, double largest, string[]? words)
        {
            Name = name;
            this.isRequired = isRequired;
            this.isWhole = isWhole;
            this.smallest = smallest;
            this.largest = largest;
            this.words = words;
        }

        public string Name { get; }

        public static Argument Number(string name, double smallest, double largest, bool isRequired) =>
            new(name, isRequired, isWhole: false, smallest, largest, null);

        public static Argument Whole(string name, double smallest, double largest, bool isRequired) =>
            new(name, isRequired, isWhole: true, smallest, largest, null);

        public static Argument Word(string name, params string[] words) => new(name, isRequired: true, isWhole: false, 0, 0, words);

        public string? FindProblem(TelemetryCommand command)
        {
            string must = words is null
                ? string.Format(
                    CultureInfo.InvariantCulture, "{0} of {1} must be a {2} from {3} to {4}", Name, command.Name,
                    isWhole ? "whole number" : "number", smallest, largest)
                : $"{Name} of {command.Name} must be one of {string.Join(", ", words)}";
            if (!command.Args.TryGet(Name, out TelemetryValue? value))
            {
                return isRequired ? $"{must}; there is none." : null;
            }

            bool isRight = words is null
                ? value.Kind == TelemetryValueKind.Number && value.Number >= smallest && value.Number <= largest
                    && (!isWhole || value.Number == Math.Floor(value.Number))
                : value.Kind == TelemetryValueKind.Text && Array.IndexOf(words, value.Text) >= 0;
            return isRight ? null : $"{must}; was {value}.";
        }
    }
}
