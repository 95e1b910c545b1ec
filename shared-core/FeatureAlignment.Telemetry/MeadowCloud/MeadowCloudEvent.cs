using System;
using System.Collections.Generic;
using System.Globalization;

namespace FeatureAlignment.Telemetry.MeadowCloud;

/// <summary>
/// One event as Meadow.Cloud carries it. Every measurement's name is of A-Z, a-z, 0-9, _, . and -, no text holds a control character and
/// every number is
/// finite, because Meadow's serialiser (MicroJson) escapes neither names nor control characters and writes NaN as it is.
/// </summary>
public sealed class MeadowCloudEvent
{
    /// <summary>Most characters of a measurement's name: a prefix and a name of the schema.</summary>
    public const int MaxNameLength = 96;

    internal MeadowCloudEvent(
        int eventId, string description, long timeMilliseconds, TelemetryFields measurements, IReadOnlyList<string>? unusable = null)
    {
        EventId = eventId;
        Description = TelemetryText.Clean(description);
        TimeMilliseconds = ArgumentChecks.Time(timeMilliseconds, nameof(timeMilliseconds));
        Measurements = TelemetryFields.Take(measurements, allowBooleans: true, nameof(measurements));
        Unusable = unusable ?? [];
    }

    /// <summary>What kind of content it is; see <see cref="MeadowCloudEvents"/>.</summary>
    public int EventId { get; }

    /// <summary>A word or two for people.</summary>
    public string Description { get; }

    /// <summary>Unix milliseconds of the device's clock when it happened; 0 when the clock was not set.</summary>
    public long TimeMilliseconds { get; }

    /// <summary>The same in the round-trip form ("o") in which it is sent.</summary>
    public string Timestamp => DateTimeOffset.FromUnixTimeMilliseconds(TimeMilliseconds).ToString("o", CultureInfo.InvariantCulture);

    /// <summary>Names with values.</summary>
    public TelemetryFields Measurements { get; }

    /// <summary>Names of measurements that came but cannot be used (NaN, null, a name of other characters), cleaned and cut.</summary>
    public IReadOnlyList<string> Unusable { get; }
}
