using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using FeatureAlignment.Telemetry;
using Meadow.Cloud;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Uplink;

/// <summary>
/// Commands of Meadow.Cloud, from its thread to the application's. All come through one untyped subscription: the application knows its
/// commands, the head does not, and one that nobody knows is refused aloud instead of vanishing.
/// </summary>
internal sealed class MeadowCloudCommands
{
    // A person sends one at a time; more are a fault of a script, and the board's memory is small.
    private const int MostWaiting = 32;

    private const string IdArgument = "id", ExpiresArgument = "expires", ClassSuffix = "_command";

    private readonly ConcurrentQueue<TelemetryCommand> waiting = new();
    private readonly ILogger logger;

    private MeadowCloudCommands(ILogger logger) => this.logger = logger;

    public static MeadowCloudCommands Subscribe(ICommandService service, ILogger logger)
    {
        var commands = new MeadowCloudCommands(logger);
        service.Subscribe(commands.Receive);
        return commands;
    }

    /// <summary>The oldest command that waits.</summary>
    public bool TryTake(out TelemetryCommand command) => waiting.TryDequeue(out command!);

    private void Receive(MeadowCommand received)
    {
        if (waiting.Count >= MostWaiting)
        {
            logger.LogWarning("Command {Name} is dropped: {Count} others wait.", received.CommandName, waiting.Count);
            return;
        }

        try
        {
            waiting.Enqueue(Translate(received));
        }
        catch (ArgumentException e)
        {
            logger.LogWarning("Command {Name} is dropped: {Reason}", received.CommandName, e.Message);
        }
    }

    private static TelemetryCommand Translate(MeadowCommand received)
    {
        // Without an id of its own each arrival is a new command.
        string id = "mc-" + Guid.NewGuid().ToString("N");
        long expires = 0;
        var args = new TelemetryFields();
        foreach (KeyValuePair<string, object> argument in received.Arguments)
        {
            TelemetryValue value = ValueOf(argument.Key, argument.Value);
            switch (argument.Key)
            {
                case IdArgument when value.Kind == TelemetryValueKind.Text: id = value.Text; break;
                case ExpiresArgument when value.Kind == TelemetryValueKind.Number: expires = (long)value.Number; break;
                default: args.Add(argument.Key, value); break;
            }
        }

        return new TelemetryCommand(id, NameOf(received.CommandName), args, expires);
    }

    /// <summary>Meadow's names are those of classes: SendReconstructions and SendReconstructionsCommand are send_reconstructions.</summary>
    private static string NameOf(string commandName)
    {
        var name = new StringBuilder();
        for (int i = 0; i < commandName.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(commandName[i]) && !char.IsUpper(commandName[i - 1]) && commandName[i - 1] != '_';
            name.Append(startsWord ? "_" : "").Append(char.ToLowerInvariant(commandName[i]));
        }

        string snake = name.ToString();
        return snake.EndsWith(ClassSuffix, StringComparison.Ordinal) ? snake.Substring(0, snake.Length - ClassSuffix.Length) : snake;
    }

    // Meadow's parser makes string, bool, long and double; a nested value it refuses itself.
    private static TelemetryValue ValueOf(string name, object? value) => value switch
    {
        string text => new TelemetryValue(text),
        bool truth => new TelemetryValue(truth),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            new TelemetryValue(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException(
            $"argument {name} must be a text, a number or a truth value; was {value?.GetType().Name ?? "null"}."),
    };
}
