using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>Statements in one line. Arguments stand for $1, $2 and so on; null is NULL.</summary>
[SuppressMessage("Security", "CA2100", Justification = "Statements are constants of this folder; values go in as parameters.")]
internal static class SqliteExtensions
{
    public static SqliteCommand Statement(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> arguments)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < arguments.Length; i++)
        {
            command.Parameters.AddWithValue(Name(i), arguments[i] ?? DBNull.Value);
        }

        return command;
    }

    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> arguments)
    {
        using SqliteCommand command = connection.Statement(sql, arguments);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> arguments)
    {
        using SqliteCommand command = connection.Statement(sql, arguments);
        return command.ExecuteScalar();
    }

    public static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using SqliteCommand command = connection.Statement(sql, arguments);
        return command.ReadAll(map);
    }

    public static List<T> ReadAll<T>(this SqliteCommand command, Func<SqliteDataReader, T> map)
    {
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public static byte[] GetBytes(this SqliteDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    public static long? GetLongOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static int? GetIntOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    /// <summary>Parameter at an index from 0: $1 is the first.</summary>
    public static string Name(int index) => index < Names.Length ? Names[index] : throw new ArgumentOutOfRangeException(nameof(index));

    private static readonly string[] Names = ["$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13"];
}
