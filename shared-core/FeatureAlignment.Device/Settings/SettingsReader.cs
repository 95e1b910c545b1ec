using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FeatureAlignment.Training;

namespace FeatureAlignment.Device.Settings;

/// <summary>Settings and what was wrong with their text.</summary>
/// <param name="Settings">Every key that was right has its value, every other one its default.</param>
/// <param name="Problems">A sentence for each wrong key: what must hold, what was found, what would be right. Empty if all is well.</param>
/// <param name="Texts">Each key with the text that is in force, given or default; without the uplink's key, which is a secret.</param>
public sealed record SettingsResult(DeviceSettings Settings, IReadOnlyList<string> Problems, IReadOnlyDictionary<string, string> Texts);

/// <summary>
/// Turns flat keys and texts into settings. Never throws for what a person wrote: the application starts far enough to report it.
/// </summary>
public static class SettingsReader
{
    /// <summary>Reads lines of the form <c>Key: value</c>; empty lines and lines that begin with # are skipped.</summary>
    /// <param name="text">The whole text.</param>
    public static SettingsResult Read(string text)
    {
        var problems = new List<string>();
        return Read(ReadLines(text, problems), problems);
    }

    /// <summary>Takes a text apart without judging keys or values, so that a head can put its own beside them.</summary>
    /// <param name="text">As above.</param>
    /// <param name="problems">Gets a sentence for each line that has another form.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadLines(string text, ICollection<string> problems)
    {
        ArgumentChecks.NotNull(text, nameof(text));
        ArgumentChecks.NotNull(problems, nameof(problems));
        var pairs = new List<KeyValuePair<string, string>>();
        using var lines = new StringReader(text);
        for (int number = 1; lines.ReadLine() is { } line; number++)
        {
            string trimmed = line.Trim();
            int colon = trimmed.IndexOf(':');
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                continue;
            }

            if (colon <= 0)
            {
                problems.Add($"Line {number} must be 'Key: value'; was '{Shorten(trimmed)}'.");
                continue;
            }

            pairs.Add(new KeyValuePair<string, string>(trimmed.Substring(0, colon).Trim(), trimmed.Substring(colon + 1).Trim()));
        }

        return pairs;
    }

    /// <summary>Reads pairs of key and text.</summary>
    /// <param name="pairs">In any order; a key at most once.</param>
    public static SettingsResult Read(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentChecks.NotNull(pairs, nameof(pairs));
        return Read(pairs, new List<string>());
    }

    private static SettingsResult Read(IEnumerable<KeyValuePair<string, string>> pairs, List<string> problems)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, string> pair in pairs)
        {
            if (!texts.TryAdd(pair.Key, pair.Value))
            {
                problems.Add($"{pair.Key} must be given once; was given again as '{Shorten(pair.Value)}'.");
            }
        }

        var settings = new DeviceSettings();
        var inForce = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SettingDefinition definition in SettingDefinitions.All)
        {
            bool isGiven = texts.Remove(definition.Key, out string? text);
            DeviceSettings? applied = isGiven ? definition.TryApply(settings, text!.Trim()) : null;
            if (isGiven && applied is null)
            {
                problems.Add($"{definition.Key} must be {definition.Allowed}; was '{Shorten(text!)}'.");
            }

            if (definition.Key != SettingDefinitions.SecretKey)
            {
                inForce.Add(definition.Key, applied is null ? definition.DefaultText : text!.Trim());
            }

            settings = applied ?? definition.TryApply(settings, definition.DefaultText)
                ?? throw new InvalidOperationException($"The default of {definition.Key} must be allowed.");
        }

        foreach (string unknown in texts.Keys)
        {
            problems.Add($"{Shorten(unknown)} is not a setting; did you mean {Nearest(unknown)}? docs/device-settings.md lists all.");
        }

        AddContradictions(settings, problems);
        return new SettingsResult(settings, problems, inForce);
    }

    private static void AddContradictions(DeviceSettings settings, List<string> problems)
    {
        if (settings.OverlapReadings >= settings.WindowReadings)
        {
            problems.Add(string.Format(
                CultureInfo.InvariantCulture, "Sensors.Overlap must be less than Sensors.Window, {0}; was {1}.",
                settings.WindowReadings, settings.OverlapReadings));
        }

        if (settings.AlarmWindows > settings.AlarmOf)
        {
            problems.Add(string.Format(
                CultureInfo.InvariantCulture,
                "Anomaly.Windows must be at most Anomaly.Of, {0}; was {1}.", settings.AlarmOf, settings.AlarmWindows));
        }

        bool isSensors = settings.Source == SampleOrigin.Sensors, isClassification = settings.Goal == LearningGoal.Classification;
        if (isClassification && (settings.Training.Labels == LabelMode.None || (isSensors && settings.Classes == 0)))
        {
            problems.Add(
                "Goal classification needs labels: set Training.Labels to completed, and Network.Classes to the number of classes that you "
                + "name by the command label, or Source to files.");
        }

        if (settings.Goal == LearningGoal.Anomaly && settings.Source != SampleOrigin.Sensors)
        {
            problems.Add("Goal anomaly watches sensors: set Source to sensors, or Goal to classification or reconstruction.");
        }

        if (isSensors && !isClassification && settings.Training.Labels != LabelMode.None)
        {
            problems.Add("Training.Labels must be none with Source sensors, but for Goal classification: readings carry no labels.");
        }

        if (settings.Classes > 0 && !(isSensors && isClassification))
        {
            problems.Add(string.Format(
                CultureInfo.InvariantCulture,
                "Network.Classes must be 0 but for Goal classification with Source sensors (files name their own); was {0}.",
                settings.Classes));
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text.Remove(40) + "…";

    private static string Nearest(string key)
    {
        string nearest = "";
        int least = int.MaxValue;
        foreach (SettingDefinition definition in SettingDefinitions.All)
        {
            int distance = EditDistance(key.ToUpperInvariant(), definition.Key.ToUpperInvariant());
            if (distance < least)
            {
                least = distance;
                nearest = definition.Key;
            }
        }

        return nearest;
    }

    /// <summary>Levenshtein's distance, one row at a time.</summary>
    private static int EditDistance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
