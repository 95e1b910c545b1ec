using System;
using System.IO;
using System.Linq;
using FeatureAlignment.Device.Settings;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Settings;

/// <summary>docs/device-settings.md is what a person reads; it must be the table that the device reads.</summary>
[TestFixture]
public sealed class SettingsDocumentTests
{
    [Test]
    public void Document_ListsEverySetting_AsItIs()
    {
        string[] rows = [.. File.ReadLines(FindDocument()).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.That(rows, Is.EqualTo(SettingDefinitions.All.Select(RowOf)));
    }

    private static string RowOf(SettingDefinition definition)
    {
        string whenAbsent = definition.DefaultText.Length == 0 ? "" : $"`{definition.DefaultText}`";
        return $"| `{definition.Key}` | {whenAbsent} | {definition.Allowed} | {definition.Meaning} |";
    }

    private static string FindDocument()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "docs", "device-settings.md");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("docs/device-settings.md must stand above the tests' folder; it does not.");
    }
}
