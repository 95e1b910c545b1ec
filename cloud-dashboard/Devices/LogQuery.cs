using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Devices;

/// <summary>What the address of a device's page asks of its log.</summary>
internal static class LogQuery
{
    private const int MaxText = 200;

    /// <summary>Whether lines are left out because of what was asked.</summary>
    public static bool IsFiltered(LogFilter filter) =>
        filter.AtLeast != TelemetryLogLevel.Trace || filter.Text is not null || filter.Before != long.MaxValue;

    public static LogFilter Read(string deviceId, IQueryCollection query)
    {
        string text = query["text"].ToString().Trim();
        return new LogFilter(
            deviceId,
            TelemetryLevels.TryParse(query["level"], out TelemetryLogLevel level) ? level : TelemetryLogLevel.Trace,
            text.Length == 0 ? null : text.Length > MaxText ? text[..MaxText] : text,
            long.TryParse(query["before"], out long before) ? before : long.MaxValue);
    }
}
