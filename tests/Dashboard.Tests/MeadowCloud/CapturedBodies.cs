using System;
using System.IO;
using System.Text;

namespace FeatureAlignment.Dashboard.Tests.MeadowCloud;

/// <summary>What the cloud client of Meadow.Core 2.1 sent, byte for byte, in the order sent. Some of it is no JSON.</summary>
internal static class CapturedBodies
{
    public static string[] Events { get; } = Read("captured-events.txt");

    public static string[] Logs { get; } = Read("captured-logs.txt");

    private static string[] Read(string name)
    {
        using Stream stream = typeof(CapturedBodies).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
