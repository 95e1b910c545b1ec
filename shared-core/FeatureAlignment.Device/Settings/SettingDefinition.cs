using System;

namespace FeatureAlignment.Device.Settings;

/// <summary>One setting: its key, what it means, what is allowed, and how its text becomes a value.</summary>
public sealed class SettingDefinition
{
    private readonly Func<DeviceSettings, string, DeviceSettings> apply;

    internal SettingDefinition(
        string key, string defaultText, string allowed, string meaning, Func<DeviceSettings, string, DeviceSettings> apply)
    {
        Key = key;
        DefaultText = defaultText;
        Allowed = allowed;
        Meaning = meaning;
        this.apply = apply;
    }

    /// <summary>The key, such as <c>Anomaly.HalfLife</c>; letter case does not matter when it is read.</summary>
    public string Key { get; }

    /// <summary>The text that stands for the default.</summary>
    public string DefaultText { get; }

    /// <summary>What is allowed, as a person would say it.</summary>
    public string Allowed { get; }

    /// <summary>What it does, in a sentence.</summary>
    public string Meaning { get; }

    /// <summary>Puts a text's value into settings.</summary>
    /// <returns>The new settings; null when the text is not allowed.</returns>
    internal DeviceSettings? TryApply(DeviceSettings settings, string text)
    {
        try
        {
            return apply(settings, text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }
}
