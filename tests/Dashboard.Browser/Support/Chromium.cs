using System;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>Finds the browser: the one that <c>CHROMIUM</c> names, or the system's.</summary>
internal static class Chromium
{
    private static readonly string[] Usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Switches for a machine without screen, and for tests that may run as root in a container: then Chromium has no sandbox.</summary>
    public static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    /// <summary>Its path. Without one the tests are ignored, but on the build server they fail.</summary>
    public static string Require()
    {
        string? named = Environment.GetEnvironmentVariable("CHROMIUM");
        string? found = named is { Length: > 0 } ? (File.Exists(named) ? named : null) : Usual.FirstOrDefault(File.Exists);
        if (found is null)
        {
            string reason = named is { Length: > 0 }
                ? $"CHROMIUM must name a Chromium; there is no file {named}."
                : $"The browser tests must find a Chromium; there is none at {string.Join(", ", Usual)}. Install it, or name it in CHROMIUM.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(reason);
            }

            Assert.Ignore(reason);
        }

        return found!;
    }
}
