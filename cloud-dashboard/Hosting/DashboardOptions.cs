using System;
using System.Collections.Generic;
using System.IO;
using System.Net;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>What the command line says.</summary>
public sealed record DashboardOptions
{
    /// <summary>Where it listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Port of the broker unless told otherwise; Meadow's settings name it.</summary>
    public const int DefaultMqttPort = 1_883;

    /// <summary>The database file.</summary>
    public string Database { get; init; } = DefaultDatabase;

    /// <summary>Whether a simulated fleet runs in the same process; the database is then a demo's.</summary>
    public bool IsDemo { get; init; }

    /// <summary>Addresses to listen at.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>Port of the broker for boards with Meadow's cloud client: null for none, 0 for any free one.</summary>
    public int? MqttPort { get; init; }

    /// <summary>Whether somebody chose that port: then it must be free.</summary>
    public bool IsMqttPortChosen { get; init; } = true;

    /// <summary>Address that the broker listens at.</summary>
    public IPAddress MqttAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Boards that may report over Meadow's cloud client without a login, from anywhere.</summary>
    public IReadOnlySet<string> UnauthenticatedBoards { get; init; } = new HashSet<string>();

    /// <summary>Reverse proxies whose headers say where a request comes from and whether it came by TLS.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Whether what comes over loopback under a loopback name is from this machine, and may do without key and password. Not so in
    /// a container, where a port forwarder can make everybody look like that.</summary>
    public bool TrustsLoopback { get; init; } = true;

    /// <summary>File whose first line is the administrator password; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Whether the log on the console is JSON, an object a line.</summary>
    public bool LogsJson { get; init; }

    /// <summary>Folder of the keys that seal secrets in the database. Not part of a backup: who finds a backup finds no device
    /// key.</summary>
    public string ProtectionFolder => Database + ".protection";

    /// <summary>In the user's data folder.</summary>
    public static string DefaultDatabase => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "FeatureAlignment",
        "dashboard.db");
}
