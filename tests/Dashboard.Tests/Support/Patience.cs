using System;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>How long a test may hang before it fails. What is waited for comes much sooner, but on a machine that is very busy.</summary>
internal static class Patience
{
    public const int Milliseconds = 120_000;

    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(Milliseconds);
}
