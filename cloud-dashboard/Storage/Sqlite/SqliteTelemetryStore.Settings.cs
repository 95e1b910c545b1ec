using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

public sealed partial class SqliteTelemetryStore
{
    /// <inheritdoc/>
    public Task<string?> FindSettingAsync(string name, CancellationToken cancellation = default) =>
        ReadAsync(connection => connection.Scalar("SELECT value FROM settings WHERE name = $1", name) as string, cancellation);

    /// <inheritdoc/>
    public Task SetSettingAsync(string name, string? value) => writer.RunAsync(session => value is null
        ? session.Prepared("DELETE FROM settings WHERE name = $1", name).ExecuteNonQuery()
        : session.Prepared("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2", name, value)
            .ExecuteNonQuery());
}
