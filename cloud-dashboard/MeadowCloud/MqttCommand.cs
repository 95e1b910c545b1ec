using System.Collections.Generic;
using System.Linq;
using System.Text;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using MQTTnet;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>A command as Meadow's command service takes it: arguments as JSON, its name in a user property.</summary>
internal static class MqttCommand
{
    private const string NameProperty = "commandName", IdArgument = "id", ExpiresArgument = "expires";

    /// <summary>The message. Id and expiry stand among the arguments: by them the application does each command once and in
    /// time.</summary>
    public static MqttApplicationMessage Create(string topic, TelemetryCommand command)
    {
        var arguments = new TelemetryFields();
        foreach (KeyValuePair<string, TelemetryValue> argument in command.Args)
        {
            arguments.Add(argument.Key, argument.Value);
        }

        arguments.Add(IdArgument, command.Id);
        if (command.ExpiresMilliseconds != 0)
        {
            arguments.Add(ExpiresArgument, command.ExpiresMilliseconds);
        }

        return new MqttApplicationMessageBuilder()
            .WithTopic(topic)
            .WithPayload(FieldsJson.Write(arguments))
            .WithUserProperty(NameProperty, Encoding.UTF8.GetBytes(ClassName(command.Name)))
            .Build();
    }

    /// <summary>
    /// Meadow finds a typed handler by the name of its class: send_reconstructions is SendReconstructions. A name that could not be told
    /// from the other form stays as it is.
    /// </summary>
    internal static string ClassName(string name)
    {
        string[] words = name.Split('_');
        return words.All(word => word.Length > 1 && char.IsAsciiLetterLower(word[0]))
            ? string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]))
            : name;
    }
}
