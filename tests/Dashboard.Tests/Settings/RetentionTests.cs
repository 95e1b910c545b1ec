using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Settings;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Series;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Settings;

[TestFixture]
[CancelAfter(Patience.Milliseconds)]
public sealed class RetentionTests
{
    private const int Points = 1_000;

    [Test]
    public async Task Schedule_DeletesWhatIsTooOld_EveryHour_AndKeepsRollUps(CancellationToken cancellation)
    {
        var time = new SteppedTime();
        await using TestDashboard dashboard = await TestDashboard.StartAsync(
            null, builder => builder.Services.AddSingleton<TimeProvider>(time));
        await dashboard.Services.GetRequiredService<Retention>().SetDaysAsync(7);
        await dashboard.Store.AppendAsync(Batches.Received(SampleBatch()));
        var hour = TimeSpan.FromHours(1);

        // Six days and 23 hours are not a week; the log line is what goes first and whole.
        await AdvanceAsync(TimeSpan.FromDays(7) - hour);
        Assert.That((await ReadLogsAsync()).Count, Is.EqualTo(1), "it is too young");
        await AdvanceAsync(2 * hour);
        while ((await ReadLogsAsync()).Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }

        ChartData chart = await dashboard.Store.ReadChartAsync(
            new ChartRequest(1, 0, "alignment_loss", ChartAxis.Step, buckets: 10), cancellation);
        Assert.That(chart.Buckets, Is.Not.Empty, "roll-ups stay");
        Assert.That((await dashboard.Store.ListEventsAsync(new EventFilter(RunId: 1), cancellation)).Count, Is.EqualTo(1), "events stay");

        Task<IReadOnlyList<LogRecord>> ReadLogsAsync() =>
            dashboard.Store.ListLogsAsync(new LogFilter("board-1"), cancellation);

        async Task AdvanceAsync(TimeSpan by)
        {
            // A service starts beside the others: its timer may not be there yet. A timer that goes off while it is not waited for is kept.
            while (time.CountTimers(hour) == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
            }

            time.Advance(by);
        }
    }

    private static TelemetryBatch SampleBatch() => new(
        "r-1", "1.0.0", Batches.Counting(0, Points),
        events: [new(0, 1, "note", TelemetryPriority.Normal, "kept")],
        logs: [new(0, TelemetryLogLevel.Information, "old line")]);
}
