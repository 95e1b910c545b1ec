using System;
using System.CommandLine;
using System.Linq;
using System.Net;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>What the command line says about a server's surroundings: proxies, secrets, logs.</summary>
internal static class HostingArguments
{
    private const string Text = "text", Json = "json";

    private static readonly Option<string[]> Proxies = new("--proxy")
    {
        Description = "Reverse proxies (or networks of them, 10.0.0.0/8) whose X-Forwarded-For and X-Forwarded-Proto are believed.",
        HelpName = "IP",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> PasswordFile = new("--password-file")
    {
        Description = "File whose first line is the administrator password from this start on.",
        HelpName = "FILE",
    };

    private static readonly Option<string> LogFormat = new Option<string>("--log-format")
    {
        Description = "Lines of the log on the console.",
        DefaultValueFactory = _ => Text,
    }.AcceptOnlyFromAmong(Text, Json);

    private static readonly Option<bool> TrustLoopback = new("--trust-loopback")
    {
        Description = "Whether this machine needs no key and, as long as none is set, no password. Say false in a container.",
        HelpName = "true|false",
        DefaultValueFactory = _ => true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Add(Proxies);
        root.Add(PasswordFile);
        root.Add(LogFormat);
        root.Add(TrustLoopback);
    }

    /// <summary>Adds what was parsed.</summary>
    /// <exception cref="ArgumentException">A proxy is no address.</exception>
    public static DashboardOptions Apply(ParseResult parsed, DashboardOptions options) => options with
    {
        Proxies = [.. (parsed.GetValue(Proxies) ?? []).Select(ParseProxy)],
        PasswordFile = parsed.GetValue(PasswordFile),
        TrustsLoopback = parsed.GetValue(TrustLoopback),
        LogsJson = parsed.GetValue(LogFormat) == Json,
    };

    private static IPNetwork ParseProxy(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, 8 * address.GetAddressBytes().Length)
        : IPNetwork.TryParse(text, out IPNetwork network) ? network
        : throw new ArgumentException($"{Proxies.Name} must be an IP address or a network such as 10.0.0.0/8; was {text}.");
}
