using System;
using System.CommandLine;
using System.Linq;
using System.Net;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>What the command line says about boards with Meadow's cloud client.</summary>
internal static class BoardArguments
{
    private static readonly Option<int> Port = new("--mqtt-port")
    {
        Description = "Port that boards with Meadow's cloud client connect to; 0 for none.",
        HelpName = "PORT",
        DefaultValueFactory = _ => DashboardOptions.DefaultMqttPort,
    };

    private static readonly Option<string> Address = new("--mqtt-address")
    {
        Description = "Address of that port.",
        HelpName = "IP",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
    };

    private static readonly Option<string[]> Unauthenticated = new("--allow-unauthenticated-boards")
    {
        Description = "Boards that may report from elsewhere without a login; anybody can then report in their names.",
        HelpName = "DEVICE",
        AllowMultipleArgumentsPerToken = true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Add(Port);
        root.Add(Address);
        root.Add(Unauthenticated);
    }

    /// <summary>Adds what was parsed.</summary>
    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    public static DashboardOptions Apply(ParseResult parsed, DashboardOptions options)
    {
        int port = parsed.GetRequiredValue(Port);
        string address = parsed.GetRequiredValue(Address);
        string[] boards = parsed.GetValue(Unauthenticated) ?? [];
        if (Array.Find(boards, board => !TelemetryNames.IsDeviceId(board)) is string wrong)
        {
            throw new ArgumentException(
                $"{Unauthenticated.Name} must list ids of boards, each 1 to {TelemetryNames.MaxLength} of A-Z, a-z, 0-9, _, . and -; was "
                + $"'{TelemetryText.Clean(wrong, TelemetryNames.MaxLength)}'.");
        }

        return options with
        {
            MqttPort = port == 0 ? null
                : port is > 0 and <= IPEndPoint.MaxPort ? port
                : throw new ArgumentException($"{Port.Name} must be from 0 to {IPEndPoint.MaxPort}; was {port}."),
            IsMqttPortChosen = parsed.GetResult(Port) is { Implicit: false },
            MqttAddress = IPAddress.TryParse(address, out IPAddress? parsedAddress) ? parsedAddress
                : throw new ArgumentException($"{Address.Name} must be an IP address; was {address}."),
            UnauthenticatedBoards = boards.ToHashSet(StringComparer.OrdinalIgnoreCase),
        };
    }
}
