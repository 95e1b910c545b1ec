using System.CommandLine;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Simulator.Commands;

/// <summary><c>--id</c>: who reports to a dashboard; the same for all commands that do.</summary>
internal static class DeviceIdOption
{
    /// <summary>Makes the option.</summary>
    /// <param name="unlessGiven">For the help: the name without it.</param>
    public static Option<string> Create(string unlessGiven) => OptionFactory.Create(
        "--id", OptionValue.Text("NAME"), $"Name of the device towards the dashboard. [default: {unlessGiven}]");

    /// <summary>What is wrong with a given id; null when nothing is, or none is given.</summary>
    public static string? Fault(string? id) => id is null || TelemetryNames.IsDeviceId(id) ? null
        : $"Id must be 1 to {TelemetryNames.MaxLength} of letters, digits, - _ and ., not dots alone; was '{id}'.";
}
