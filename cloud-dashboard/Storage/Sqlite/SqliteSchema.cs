using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>Brings a database to the newest version by the scripts in Migrations, each in its own transaction, forward only.</summary>
internal static class SqliteSchema
{
    private static readonly Assembly Assembly = typeof(SqliteSchema).Assembly;

    /// <summary>Names of the scripts; the one at index n makes version n + 1.</summary>
    public static IReadOnlyList<string> Scripts { get; } =
        [.. Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>Version that this program writes.</summary>
    public static int Newest => Scripts.Count;

    public static int VersionOf(SqliteConnection connection) =>
        Convert.ToInt32(connection.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);

    /// <summary>Runs the scripts that the database has not had yet.</summary>
    /// <param name="connection">An open connection that may write.</param>
    /// <param name="version">Where to stop; tests make old databases so.</param>
    /// <exception cref="StoreFormatException">The database is newer than this program, or is none of ours.</exception>
    public static void Migrate(SqliteConnection connection, int? version = null)
    {
        int found = VersionOf(connection);
        if (found > Newest)
        {
            throw new StoreFormatException(
                $"The database must have version {Newest} or older; it has {found}. Start the newer dashboard that made it, or name "
                + $"another file by --database.");
        }

        if (found == 0 && connection.Scalar("SELECT name FROM sqlite_schema LIMIT 1") is string table)
        {
            throw new StoreFormatException(
                $"The database must be empty or made by this dashboard; it has a table {table}. Name another file by --database.");
        }

        foreach ((int index, string script) in Scripts.Index().Take(version ?? Newest).Skip(found))
        {
            using Stream stream = Assembly.GetManifestResourceStream(script)!;
            using var reader = new StreamReader(stream);
            using SqliteTransaction transaction = connection.BeginTransaction();
            connection.Execute(reader.ReadToEnd());
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {index + 1}"));
            transaction.Commit();
        }
    }
}
