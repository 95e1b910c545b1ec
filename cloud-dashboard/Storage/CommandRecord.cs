using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Storage;

/// <summary>How far a command has come.</summary>
public enum CommandState
{
    /// <summary>Not yet fetched by the device.</summary>
    Waiting,

    /// <summary>Given to the device, which has not said what became of it.</summary>
    Sent,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Refused by the device.</summary>
    Refused,
}

/// <summary>A command to a device and what became of it; all rows together are the audit.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Command">Id, name, arguments and expiry.</param>
/// <param name="State">How far it has come.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="SentAt">When the device first got it.</param>
/// <param name="ClosedAt">When the device said what became of it.</param>
/// <param name="Answer">What the device said.</param>
public sealed record CommandRecord(
    string DeviceId, TelemetryCommand Command, CommandState State, long CreatedAt, long? SentAt, long? ClosedAt, string Answer);
