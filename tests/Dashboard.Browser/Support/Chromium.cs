using System;
using System.IO;
using System.Linq;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>Finds the browser: the one that <c>CHROMIUM</c> names, or the system's.</summary>
internal static class Chromium
{
    private static readonly string[] Usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Switches for tests that may run as root in a container, where Chromium has no sandbox.</summary>
    public static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Its path.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Find()
    {
        string? named = Environment.GetEnvironmentVariable("CHROMIUM");
        return named is { Length: > 0 }
            ? File.Exists(named) ? named
                : throw new FileNotFoundException($"CHROMIUM must name a Chromium; there is no file {named}.")
            : Usual.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
                $"There must be a Chromium; there is none at {string.Join(", ", Usual)}. Install it, or name it in CHROMIUM.");
    }
}
