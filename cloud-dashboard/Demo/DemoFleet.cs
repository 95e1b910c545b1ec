using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Simulation.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Demo;

/// <summary>The demo's boards. They have lived up to now before the dashboard listens: whoever looks finds a whole history.</summary>
internal sealed partial class DemoFleet(
    IReadOnlyList<DemoPlan> plans, BatchIntake intake, ITelemetryStore store, TimeProvider time, ILogger<DemoFleet> logger)
    : IHostedService, IAsyncDisposable
{
    private const ulong DigitSeed = 12;
    private const int DigitSide = 28;

    private readonly CancellationTokenSource stopping = new();
    private readonly List<DemoBoard> boards = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration stop = cancellationToken.Register(stopping.Cancel);
        await store.SetSettingAsync(DemoDatabase.Mark, "1");
        long begin = Stopwatch.GetTimestamp();
        MemoryStorage digits = DrawDigits();
        DateTimeOffset start = time.GetUtcNow();
        Task turn = Task.CompletedTask;
        foreach (DemoPlan plan in plans)
        {
            var board = new DemoBoard(plan, start, digits, intake, store, time, logger, turn, stopping.Token);
            turn = board.Reported;
            boards.Add(board);
        }

        boards.ForEach(board => board.Start());
        await Task.WhenAll(boards.Select(board => board.CaughtUp));
        cancellationToken.ThrowIfCancellationRequested();
        await DescribeRunsAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(begin);
        LogCaughtUp(boards.Count, took);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(boards.Select(board => board.Ended)).WaitAsync(cancellationToken);
    }

    /// <summary>Also where the dashboard could not start, and so is not stopped either: the store goes next.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        stopping.Dispose();
    }

    private static MemoryStorage DrawDigits()
    {
        var storage = new MemoryStorage();
        DataFileNames names = SettingsReader.Read([]).Settings.Files;
        IdxFiles.Write(
            storage, new SyntheticDigits(DigitSeed, DemoBoards.TrainingDigits), DigitSide, DigitSide, names.TrainingImages,
            names.TrainingLabels);
        IdxFiles.Write(
            storage, new SyntheticDigits(DigitSeed, DemoBoards.TestDigits, DemoBoards.TrainingDigits), DigitSide, DigitSide,
            names.TestImages, names.TestLabels);
        return storage;
    }

    private async Task DescribeRunsAsync()
    {
        IReadOnlyList<RunRecord> runs = await store.ListRunsAsync();
        foreach (DemoPlan plan in plans)
        {
            foreach (DemoStretch stretch in plan.Stretches)
            {
                foreach (RunRecord run in runs.Where(run => run.DeviceId == plan.DeviceId && run.Name == stretch.Run))
                {
                    await store.EditRunAsync(run.Id, new RunEdit(Notes: stretch.Notes, Tags: stretch.Tags));
                }
            }
        }
    }

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "{Count} demo boards have lived up to now; that took {Time}.")]
    private partial void LogCaughtUp(int count, TimeSpan time);
}
