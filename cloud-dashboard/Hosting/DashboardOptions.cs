using System;
using System.Collections.Generic;
using System.IO;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>What the command line says.</summary>
public sealed record DashboardOptions
{
    /// <summary>Where it listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The database file.</summary>
    public string Database { get; init; } = DefaultDatabase;

    /// <summary>Addresses to listen at.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>Folder of the keys that seal secrets in the database. Not part of a backup: who finds a backup finds no device
    /// key.</summary>
    public string ProtectionFolder => Database + ".protection";

    /// <summary>In the user's data folder.</summary>
    public static string DefaultDatabase => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "FeatureAlignment",
        "dashboard.db");
}
