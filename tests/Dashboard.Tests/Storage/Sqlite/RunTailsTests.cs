using System.Linq;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Storage.Sqlite;

[TestFixture]
public sealed class RunTailsTests
{
    // A device that starts a run with each batch must not fill the memory.
    [Test]
    public void Stored_OfTooManySeries_KeepsTheNewestRuns()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        SqliteSchema.Migrate(connection);
        connection.Execute("INSERT INTO devices (id, name, registered) VALUES (1, 'board-1', 0)");
        var tails = new RunTails();
        int runs = RunTails.MostSeries / TelemetryLimits.Series + 10;
        for (int run = 1; run <= runs; run++)
        {
            connection.Execute("INSERT INTO runs (id, device, name, app, first, last) VALUES ($1, 1, $1, '1', 0, 0)", run);
            RunTail tail = tails.Load(connection, run);
            for (int layer = 0; layer < TelemetryLimits.Series; layer++)
            {
                tail.Add(new SeriesTail(layer, "m"));
            }

            tail.Append(Batches.OfPoints([]), receivedMilliseconds: run);
        }

        tails.Stored([], idleSince: 3);

        Assert.That(tails.All.Sum(run => run.Series.Count), Is.AtMost(RunTails.MostSeries));
        Assert.That(tails.All.Select(run => run.RunId).Order(),
            Is.EqualTo(Enumerable.Range(0, RunTails.MostSeries / TelemetryLimits.Series).Select(i => (long)runs - i).Order()));
    }

    [Test]
    public void Stored_OfIdleRuns_ForgetsThem()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        SqliteSchema.Migrate(connection);
        connection.Execute("INSERT INTO devices (id, name, registered) VALUES (1, 'board-1', 0)");
        connection.Execute("INSERT INTO runs (id, device, name, app, first, last) VALUES (1, 1, 'a', '1', 0, 0), (2, 1, 'b', '1', 0, 0)");
        var tails = new RunTails();
        tails.Load(connection, 1).Append(Batches.OfPoints([]), receivedMilliseconds: 10);
        tails.Load(connection, 2).Append(Batches.OfPoints([]), receivedMilliseconds: 20);

        tails.Stored([], idleSince: 15);

        Assert.That(tails.All.Select(run => run.RunId), Is.EqualTo(new[] { 2L }));
    }
}
