using System;

namespace FeatureAlignment.Telemetry;

/// <summary>
/// Makes free text safe to send. Records apply it to every text they are given, so that all doors carry the same characters.
/// </summary>
public static class TelemetryText
{
    private const char Replacement = '\uFFFD';
    private const char ControlPictures = '\u2400';
    private const char DeletePicture = '\u2421';

    /// <summary>
    /// The text with each control character (U+0000 to U+001F, U+007F to U+009F) as its visible picture (a line feed becomes U+240A) or,
    /// where there is none, and each
    /// half of a surrogate pair without its other half, as U+FFFD. Meadow's own serialiser would send control characters unescaped.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <returns>The same string when there is nothing to change; else a new one of the same length.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static string Clean(string text)
    {
        ArgumentChecks.NotNull(text, nameof(text));
        char[]? cleaned = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i], clean = c;
            if (char.IsControl(c))
            {
                clean = c < ' ' ? (char)(ControlPictures + c) : c == '\u007F' ? DeletePicture : Replacement;
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c))
            {
                clean = Replacement;
            }

            if (clean != c)
            {
                cleaned ??= text.ToCharArray();
                cleaned[i] = clean;
            }
        }

        return cleaned is null ? text : new string(cleaned);
    }

    /// <summary>The same, cut to a length; a cut text ends with "…". No surrogate pair is cut in two.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">Most UTF-16 units of the result, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is below 1.</exception>
    public static string Clean(string text, int maxLength)
    {
        ArgumentChecks.NotNull(text, nameof(text));
        ArgumentChecks.AtLeast(maxLength, 1, nameof(maxLength));
        if (text.Length <= maxLength)
        {
            return Clean(text);
        }

        int kept = maxLength - 1;
        if (kept > 0 && char.IsHighSurrogate(text[kept - 1]))
        {
            kept--;
        }

        return Clean(text[..kept]) + "…";
    }
}
