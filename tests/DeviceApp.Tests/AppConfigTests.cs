using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Device.Settings;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests;

[TestFixture]
public sealed class AppConfigTests
{
    [Test]
    public void Own_KeepsKeysBelowTheApplicationsName()
    {
        var settings = new Dictionary<string, string>
        {
            ["FeatureAlignment.Network.Layers"] = "8,4",
            ["featurealignment.Run"] = "r",
            ["FeatureAlignmentX.Run"] = "s",
            ["Clima.OffsetToNorth"] = "0.0",
        };
        Assert.That(AppConfig.Own(settings), Is.EquivalentTo(new[]
        {
            new KeyValuePair<string, string>("Network.Layers", "8,4"), new KeyValuePair<string, string>("Run", "r"),
        }));
    }

    [Test]
    public void Own_WithoutAFile_IsEmpty() => Assert.That(AppConfig.Own(null), Is.Empty);

    [Test]
    public void DeployedFile_IsRight() =>
        Assert.That(SettingsReader.Read(LinesBelowTheName(suggestions: false)).Problems, Is.Empty);

    [Test]
    public void DeployedFile_ItsMnistSuggestions_AreRight()
    {
        List<KeyValuePair<string, string>> lines = LinesBelowTheName(suggestions: true);
        SettingsResult result = SettingsReader.Read(lines);
        Assert.That(result.Problems, Is.Empty);
        Assert.That(result.Settings.Goal, Is.EqualTo(LearningGoal.Classification));
    }

    // A later line counts, so that a suggestion that is switched on replaces what it stands for.
    private static List<KeyValuePair<string, string>> LinesBelowTheName(bool suggestions)
    {
        var values = new Dictionary<string, string>();
        bool isBelow = false;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "app.config.yaml")))
        {
            string active = suggestions && line.StartsWith("#  ", StringComparison.Ordinal) ? line[1..] : line;
            isBelow = active.StartsWith("FeatureAlignment:", StringComparison.Ordinal)
                || (isBelow && (active.Length == 0 || active[0] is ' ' or '#'));
            int colon = active.IndexOf(": ", StringComparison.Ordinal);
            if (isBelow && colon > 0 && active[0] == ' ')
            {
                values[active[..colon].Trim()] = active[(colon + 1)..].Trim();
            }
        }

        return [.. values];
    }
}
