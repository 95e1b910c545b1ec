using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>
/// Lists everything that is wrong with a call: what was not recognised, what could not be read, what does not go together.
/// </summary>
internal static class UsageReport
{
    public static IReadOnlyList<string> Faults(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command is RootCommand root)
        {
            return [RootFault(parsed.UnmatchedTokens, root)];
        }

        // Errors of the command itself say that words were not recognised; Unrecognised says it with a suggestion.
        return
        [
            .. Unrecognised(parsed.UnmatchedTokens, command),
            .. parsed.Errors.Where(error => error.SymbolResult is not CommandResult).Select(error => error.Message),
            .. command is SimulatorCommand simulatorCommand ? simulatorCommand.Faults(parsed) : [],
        ];
    }

    private static string RootFault(IReadOnlyList<string> words, RootCommand root)
    {
        string[] names = [.. root.Subcommands.Select(command => command.Name)];
        string commands = string.Join(", ", names);
        return words is not [var word, ..]
            ? $"A command is needed: {commands}."
            : $"Command must be one of {commands}; was '{word}'.{NearMiss.Question(word, names)}";
    }

    private static IEnumerable<string> Unrecognised(IReadOnlyList<string> words, Command command)
    {
        bool followsUnknownOption = false;
        foreach (string word in words)
        {
            bool isOption = word.StartsWith('-');
            if (isOption)
            {
                string name = word.Split('=')[0];
                yield return $"Unknown option '{name}'.{NearMiss.Question(name, command.Options.Select(option => option.Name))}";
            }
            else if (!followsUnknownOption)
            {
                // The word after an unknown option is most likely its value: one fault, not two.
                yield return $"Unexpected '{word}': every value follows its option, and lists such as 512,256 have no spaces.";
            }

            followsUnknownOption = isOption && !word.Contains('=', StringComparison.Ordinal);
        }
    }
}
