using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Simulation.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Demo;

/// <summary>The demo's boards. They live through their last hours while the dashboard listens already, a few at a time: whoever looks sees
/// one after the other come, each with a whole history.</summary>
internal sealed partial class DemoFleet(
    IReadOnlyList<DemoPlan> plans, BatchIntake intake, ITelemetryStore store, PresenceWatch presence, TimeProvider time,
    ILogger<DemoFleet> logger) : BackgroundService, IAsyncDisposable
{
    private const ulong DigitSeed = 12;
    private const int DigitSide = 28;

    // A board computes as fast as it can, and waits for the disk now and then. With more at a time, pages would wait for them.
    private static readonly ParallelOptions AtATime = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    private readonly TaskCompletionSource caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when all boards have lived up to now and their runs are described; is cancelled when that does not happen.</summary>
    public Task CaughtUp => caughtUp.Task;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first page: each of them says that it is of a demo.
        await store.SetSettingAsync(DemoDatabase.Mark, "1");
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Also where the dashboard could not start, and so is not stopped either: the store goes next.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long begin = Stopwatch.GetTimestamp();
        List<DemoBoard> boards = CreateBoards(stoppingToken);
        try
        {
            await Parallel.ForEachAsync(boards, AtATime, async (board, _) =>
            {
                board.Start();
                await board.CaughtUp;
            });
            if (!stoppingToken.IsCancellationRequested)
            {
                await DescribeRunsAsync();
                await presence.StartAsync(stoppingToken);
                TimeSpan took = Stopwatch.GetElapsedTime(begin);
                LogCaughtUp(boards.Count, took);
                caughtUp.TrySetResult();
            }
        }
        finally
        {
            caughtUp.TrySetCanceled(CancellationToken.None);
        }

        await Task.WhenAll(boards.Select(board => board.Ended));
        await presence.StopAsync(CancellationToken.None);
    }

    private List<DemoBoard> CreateBoards(CancellationToken stopping)
    {
        MemoryStorage digits = DrawDigits();
        DateTimeOffset start = time.GetUtcNow();
        var boards = new List<DemoBoard>();
        foreach (DemoPlan plan in plans)
        {
            Task turn = boards.Count > 0 ? boards[^1].Reported : Task.CompletedTask;
            boards.Add(new DemoBoard(plan, start, digits, intake, store, time, logger, turn, stopping));
        }

        return boards;
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
