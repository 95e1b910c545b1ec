using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>Options from the environment, as containers set them: <c>DASHBOARD_MQTT_PORT</c> is <c>--mqtt-port</c> where the command line
/// does not have it. Several values stand apart by spaces.</summary>
internal static class EnvironmentDefaults
{
    private const string Prefix = "DASHBOARD_";

    /// <summary>Puts options of the environment that the command knows before the arguments.</summary>
    /// <param name="root">Has the options.</param>
    /// <param name="arguments">The command line; what it says goes first.</param>
    /// <param name="read">Reads a variable.</param>
    public static string[] Apply(RootCommand root, string[] arguments, Func<string, string?> read)
    {
        ParseResult parsed = root.Parse(arguments);
        var options = new List<string>();
        foreach (Option option in root.Options)
        {
            bool isOurs = parsed.CommandResult.Command.Options.Contains(option);
            if (isOurs && option is not HelpOption and not VersionOption && parsed.GetResult(option) is null or { Implicit: true }
                && read(NameOf(option)) is { Length: > 0 } value)
            {
                options.Add(option.Name);
                bool isList = option.Arity.MaximumNumberOfValues > 1;
                options.AddRange(isList ? value.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [value]);
            }
        }

        return [.. options, .. arguments];
    }

    private static string NameOf(Option option) => Prefix + option.Name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
}
