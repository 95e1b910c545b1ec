using System;

namespace FeatureAlignment.Telemetry;

/// <summary>The alphabets of names: small enough that no name ever needs escaping, in JSON, in an address or in a file name.</summary>
public static class TelemetryNames
{
    /// <summary>Most characters of a name, key or identifier.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether a text can name a metric, an event's kind, an image's kind or a command: <c>[a-z0-9_]{1,64}</c>.</summary>
    /// <param name="name">Text to judge; null is no name.</param>
    public static bool IsName(string? name) => Consists(name, MaxLength, capitals: false);

    /// <summary>
    /// Whether a text can be a key of data, settings or arguments, or the id of a run or command: <c>[A-Za-z0-9_.-]{1,64}</c>.
    /// </summary>
    /// <param name="key">Text to judge; null is no key.</param>
    public static bool IsKey(string? key) => Consists(key, MaxLength, capitals: true);

    /// <summary>
    /// Whether a text can be the id of a device: a key, but not of dots alone. <c>.</c> and <c>..</c> are no names in addresses and
    /// folders, so nobody could open the page of such a device.
    /// </summary>
    /// <param name="id">Text to judge; null is no id.</param>
    public static bool IsDeviceId(string? id) => IsKey(id) && id!.Trim('.').Length > 0;

    internal static bool IsKey(string? key, int maxLength) => Consists(key, maxLength, capitals: true);

    internal static string RequireName(string? name, string parameter) => IsName(name)
        ? name!
        : throw new ArgumentException($"{parameter} must be 1 to {MaxLength} of a-z, 0-9 and _; was {Quote(name)}.", parameter);

    internal static string RequireKey(string? key, string parameter, int maxLength = MaxLength) => Consists(key, maxLength, capitals: true)
        ? key!
        : throw new ArgumentException($"{parameter} must be 1 to {maxLength} of A-Z, a-z, 0-9, _, . and -; was {Quote(key)}.", parameter);

    internal static string RequireDeviceId(string? id, string parameter) => IsKey(id) && !IsDeviceId(id)
        ? throw new ArgumentException($"{parameter} must have something else than dots; was {Quote(id)}.", parameter)
        : RequireKey(id, parameter);

    // What was found may be anything: it is shown short and clean.
    private static string Quote(string? text) => text is null ? "null" : '"' + TelemetryText.Clean(text, MaxLength) + '"';

    private static bool Consists(string? text, int maxLength, bool capitals)
    {
        if (text is null || text.Length == 0 || text.Length > maxLength)
        {
            return false;
        }

        foreach (char c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_') && !(capitals && (c is (>= 'A' and <= 'Z') or '.' or '-')))
            {
                return false;
            }
        }

        return true;
    }
}
