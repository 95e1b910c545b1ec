using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>One option of <c>train</c>, bound to the property of the settings that it replaces.</summary>
internal sealed class SettingOption
{
    private readonly Func<TrainSettings, object?> read;
    private readonly Func<TrainSettings, ParseResult, TrainSettings> write;

    private SettingOption(
        Option option,
        Func<TrainSettings, object?> read,
        Func<TrainSettings, ParseResult, TrainSettings> write)
    {
        Option = option;
        this.read = read;
        this.write = write;
    }

    public Option Option { get; }

    public static SettingOption Create<T>(
        string name,
        OptionValue<T> kind,
        string description,
        Func<TrainSettings, object?> read,
        Func<TrainSettings, T, TrainSettings> write)
    {
        Option<T> option = OptionFactory.Create(name, kind, description + Defaults(read));
        return new SettingOption(option, read, (settings, parsed) => write(settings, parsed.GetRequiredValue(option)));
    }

    /// <summary>The settings with the option's value, when the user gave one.</summary>
    public TrainSettings Apply(TrainSettings settings, ParseResult parsed) =>
        OptionFactory.IsGiven(parsed, Option) ? write(settings, parsed) : settings;

    /// <summary>The property's value as a user would type it.</summary>
    public string Text(TrainSettings settings) => OptionValue.Write(read(settings));

    /// <summary>One default where the presets agree, else each preset's; nothing where null stands for a rule in the description.</summary>
    private static string Defaults(Func<TrainSettings, object?> read)
    {
        string[] texts = [.. TrainPresets.All.Select(preset => OptionValue.Write(read(preset)))];
        if (texts.Distinct().Count() > 1)
        {
            IEnumerable<string> defaults = TrainPresets.All.Zip(texts, (preset, text) => $"{OptionValue.Write(preset.Preset)}: {text}");
            return $" [{string.Join("; ", defaults)}]";
        }

        return read(TrainPresets.Quick) is null ? "" : $" [default: {texts[0]}]";
    }
}
