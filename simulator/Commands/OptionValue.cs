using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>Reads the text of one kind of option value.</summary>
/// <param name="HelpName">What stands for the value in help.</param>
/// <param name="Requirement">Ends "… must be", for the message when the text can't be read.</param>
/// <param name="Read">Whether the text could be read, and the value.</param>
internal sealed record OptionValue<T>(string HelpName, string Requirement, Func<string, (bool IsRead, T Value)> Read)
{
    /// <summary>All texts that can be read, when they are few; for suggestions and completion.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}

/// <summary>The kinds of option values, and how a value is written.</summary>
internal static class OptionValue
{
    public static readonly OptionValue<int> Whole = new(
        "N",
        "a whole number",
        text => (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value), value));

    public static readonly OptionValue<ulong> Seed = new(
        "N",
        "a whole number from 0 to 18,446,744,073,709,551,615",
        text => (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value), value));

    public static readonly OptionValue<float> Number = new(
        "X",
        "a number with a decimal point in the range of a 32-bit float, such as 0.01",
        text =>
        {
            bool isRead = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value);
            // The word Infinity is a number that the settings refuse; 1e40 would only become one.
            return (isRead && !(float.IsInfinity(value) && text.Any(char.IsAsciiDigit)), value);
        });

    public static readonly OptionValue<long> Memory = new(
        "SIZE",
        "a size such as 300KB or 3MB (1 KB = 1,024 bytes)",
        text => (MemorySize.TryParse(text, out long bytes), bytes));

    public static readonly OptionValue<IReadOnlyList<int>> Layers = new(
        "N,N",
        "whole numbers with commas between them, such as 512,256",
        text =>
        {
            (bool IsRead, int Value)[] sizes = [.. text.Split(',').Select(part => Whole.Read(part.Trim()))];
            return (sizes.All(size => size.IsRead), [.. sizes.Select(size => size.Value)]);
        });

    public static readonly OptionValue<IReadOnlyList<float>> Row = new(
        "X,X",
        "finite numbers with commas between them, such as 5.1,3.5",
        text =>
        {
            (bool IsRead, float Value)[] values = [.. text.Split(',').Select(part => Number.Read(part.Trim()))];
            return (values.All(value => value.IsRead && float.IsFinite(value.Value)), [.. values.Select(value => value.Value)]);
        });

    /// <summary>A dataset with a name of its own; one's own table is chosen by its file.</summary>
    public static readonly OptionValue<string> Dataset = Named([.. DatasetCatalog.Names.Where(name => name != DatasetCatalog.Csv)]);

    /// <summary>A path or name, any text but none.</summary>
    public static OptionValue<string> Text(string helpName) =>
        new(helpName, "given", text => (!string.IsNullOrWhiteSpace(text), text));

    /// <summary>A member of an enumeration, in camelCase; letter case does not matter.</summary>
    public static OptionValue<T> Choice<T>()
        where T : struct, Enum
    {
        T[] members = Enum.GetValues<T>();
        return OneOf([.. members.Select(member => Write(member))], members);
    }

    /// <summary>The text a user would type for a value; "none" for null.</summary>
    public static string Write(object? value) => value switch
    {
        null => "none",
        Enum member => JsonNamingPolicy.CamelCase.ConvertName(member.ToString()),
        IReadOnlyList<int> sizes => string.Join(',', sizes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static OptionValue<string> Named(IReadOnlyList<string> names) => OneOf(names, names);

    private static OptionValue<T> OneOf<T>(IReadOnlyList<string> names, IReadOnlyList<T> values) =>
        new(
            string.Join('|', names),
            $"one of {string.Join(", ", names)}",
            text =>
            {
                for (int index = 0; index < names.Count; index++)
                {
                    if (names[index].Equals(text, StringComparison.OrdinalIgnoreCase))
                    {
                        return (true, values[index]);
                    }
                }

                return (false, values[0]);
            })
        {
            Choices = names,
        };
}
