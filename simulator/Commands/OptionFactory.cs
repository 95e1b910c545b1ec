using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>Makes options whose errors name what must hold, what was found, and what was probably meant.</summary>
internal static class OptionFactory
{
    public static Option<T> Create<T>(string name, OptionValue<T> kind, string description)
    {
        Option<T> option = new(name)
        {
            Description = description,
            HelpName = kind.HelpName,
            // A list is one value as well; left open, the last of several would count without a word.
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Read(result, name, kind),
        };
        option.CompletionSources.Add([.. kind.Choices]);
        return option;
    }

    /// <summary>Whether the user wrote the option, and its value could be read.</summary>
    public static bool IsGiven(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false } result && !result.Errors.Any();

    private static T? Read<T>(ArgumentResult result, string name, OptionValue<T> kind)
    {
        string text = result.Tokens[^1].Value;
        // The parser hands over the next word whatever it is; "--epochs --batch 32" has forgotten a value.
        if (text.StartsWith("--", StringComparison.Ordinal))
        {
            result.AddError($"Option {name} needs a value; found '{text}' after it.");
            return default;
        }

        (bool isRead, T value) = kind.Read(text);
        if (!isRead)
        {
            result.AddError($"{Subject(name)} must be {kind.Requirement}; was '{text}'.{NearMiss.Question(text, kind.Choices)}");
        }

        return value;
    }

    /// <summary>--learning-rate becomes "Learning rate".</summary>
    private static string Subject(string optionName)
    {
        string words = optionName.TrimStart('-').Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
