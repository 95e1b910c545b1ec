using System;
using System.Collections.Generic;

namespace FeatureAlignment.DeviceApp;

/// <summary>The part of app.config.yaml that is the application's own. Meadow hands it over as flat keys with dots.</summary>
internal static class AppConfig
{
    private const string Prefix = "FeatureAlignment.";

    /// <summary>Keys and texts below <c>FeatureAlignment</c>, without it.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Own(IReadOnlyDictionary<string, string>? settings)
    {
        var own = new List<KeyValuePair<string, string>>();
        foreach (KeyValuePair<string, string> setting in settings ?? new Dictionary<string, string>())
        {
            if (setting.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                own.Add(new KeyValuePair<string, string>(setting.Key.Substring(Prefix.Length), setting.Value));
            }
        }

        return own;
    }
}
