using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Telemetry;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>Commands that a device must still get.</summary>
internal static class OpenCommands
{
    /// <summary>Most commands in one answer; the others come with later ones.</summary>
    private const int Limit = 16;

    // The limit is no argument: SQLite would plan the statement anew for each value that it gets.
    private static readonly string Select = $"""
        SELECT number, id, name, args, expires FROM commands
        WHERE device = $1 AND state < 2 AND (expires = 0 OR expires > $2) ORDER BY number LIMIT {Limit}
        """;

    /// <summary>Reads them, oldest first, and marks them as sent.</summary>
    public static IReadOnlyList<TelemetryCommand> Take(WriteSession session, KnownDevice device, long now)
    {
        if (!device.MayHaveCommands)
        {
            return [];
        }

        List<(long Number, TelemetryCommand Command)> open =
            session.Prepared(Select, device.Row, now).ReadAll(row => (row.GetInt64(0), ReadCommand(row, 1)));
        device.MayHaveCommands = open.Count > 0;
        foreach ((long number, _) in open)
        {
            session.Prepared("UPDATE commands SET state = 1, sent = $2 WHERE number = $1 AND state = 0", number, now).ExecuteNonQuery();
        }

        return [.. open.Select(command => command.Command)];
    }

    /// <summary>Reads the columns id, name, args, expires.</summary>
    public static TelemetryCommand ReadCommand(SqliteDataReader row, int column) =>
        new(row.GetString(column), row.GetString(column + 1), FieldsJson.Read(row.GetString(column + 2)), row.GetInt64(column + 3));
}
