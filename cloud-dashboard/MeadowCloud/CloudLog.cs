using System;
using System.Globalization;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>A line of a log as Meadow.Cloud carries it.</summary>
internal static class CloudLog
{
    /// <summary>Reads one line, with tolerance for what Meadow's serialiser gets wrong.</summary>
    /// <exception cref="TelemetryFormatException">It can't be read even so.</exception>
    public static TelemetryLog Read(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonReader(utf8, tolerant: true);
        string severity = "", message = "", exception = "";
        long time = 0;
        json.BeginObject();
        while (json.NextMember(out string member))
        {
            switch (member)
            {
                case "severity": severity = ReadText(ref json); break;
                case "message": message = ReadText(ref json); break;
                case "exception": exception = ReadText(ref json); break;
                case "timestamp": time = ReadTime(ref json); break;
                default: json.Skip(); break;
            }
        }

        json.End();
        string text = exception.Length == 0 ? message : message.Length == 0 ? exception : $"{message} ({exception})";
        return text.Length > 0
            ? new TelemetryLog(time, LevelOf(severity), TelemetryText.Clean(text, TelemetryLimits.TextLength))
            : throw new TelemetryFormatException("A log must have a message or an exception; it has neither.");
    }

    private static TelemetryLogLevel LevelOf(string severity) =>
        severity.Equals("fatal", StringComparison.OrdinalIgnoreCase) ? TelemetryLogLevel.Critical
        : TelemetryLevels.TryParse(severity.ToLowerInvariant(), out TelemetryLogLevel level) ? level
        : TelemetryLogLevel.Information;

    private static string ReadText(ref JsonReader json) => json.TryReadNull() ? "" : json.ReadString();

    private static long ReadTime(ref JsonReader json) =>
        DateTimeOffset.TryParse(json.ReadString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
        && time.ToUnixTimeMilliseconds() is >= 0 and long milliseconds
            ? milliseconds
            : throw new TelemetryFormatException("timestamp must be an ISO 8601 time from 1970 on; it is not.");
}
