using System;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Runs;
using FeatureAlignment.Telemetry;
using FeatureAlignment.Training;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Training;

/// <summary>One call of <c>train</c>: samples, plan, training, measurement, and the files that a run leaves.</summary>
internal sealed class TrainRun
{
    private readonly CommandEnvironment environment;
    private readonly TrainRequest request;
    private readonly RunSamples samples;
    private readonly TrainingReport? report;
    private readonly SampleFormat format;
    private readonly TrainingOptions options;
    private readonly KernelSet kernels;
    private readonly MemoryPlan plan;
    private readonly long start;

    private TrainRun(CommandEnvironment environment, TrainRequest request, RunSamples samples, TrainingReport? report)
    {
        this.report = report;
        this.environment = environment;
        this.samples = samples;
        format = SampleFormat.Of(samples.Dataset, samples.Training.Count);
        this.request = request.IsResumed ? request : request with { Settings = FitBatch(request.Settings, format) };
        options = Settings.ToTrainingOptions(format.TrainingCount);
        kernels = Settings.ChooseKernels();
        plan = MemoryPlan.Create(options, format.Inputs, format.Classes, format.TrainingCount, kernels);
        start = environment.Time.GetTimestamp();
    }

    private TrainSettings Settings => request.Settings;

    private RunFolder Folder => request.Folder;

    /// <summary>Carries out a call.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        CommandEnvironment environment, DatasetCatalog catalog, TrainRequest request, CancellationToken cancellation)
    {
        if (request.IsResumed && FinishedResult(request, environment) is { } finished)
        {
            environment.Output.WriteLine("The run is finished; there is nothing to go on with.");
            CopyResult(request, finished);
            TrainingSummary.Write(environment.Output, finished, request.Folder);
            return ExitCode.Success;
        }

        RunSamples samples = await RunSamples.LoadAsync(catalog, request.Settings, environment, cancellation);
        using TrainingReport? report =
            request.Report is { } target ? new TrainingReport(target, request.Folder.Path, environment.Time) : null;
        TrainRun run = new(environment, request, samples, report);
        return run.Train(cancellation) ? ExitCode.Success : ExitCode.Interrupted;
    }

    /// <summary>What a run has reached; null when there is something to go on with, whatever its result says.</summary>
    private static RunResult? FinishedResult(TrainRequest request, CommandEnvironment environment) =>
        TrainedRun.ReadFinishedResult(request.Folder, environment) is { } result
            && TrainedRun.IsAtEnd(request.Folder, request.Settings)
                ? result
                : null;

    /// <summary>
    /// A layer in storage is written once a batch: it takes the largest that fits. What was found becomes a setting of the run, so that it
    /// goes on with the same batch under another budget.
    /// </summary>
    private static TrainSettings FitBatch(TrainSettings settings, SampleFormat format)
    {
        if (settings is not { RowsInMemory: not null, MemoryBudget: { } budget })
        {
            return settings;
        }

        TrainingOptions asked = settings.ToTrainingOptions(format.TrainingCount);
        TrainingOptions fitting = MemoryPlan.FitBatch(
            asked, format.Inputs, format.Classes, format.TrainingCount, settings.ChooseKernels(), budget);
        return fitting.Batch == asked.Batch ? settings : settings with { Batch = fitting.Batch };
    }

    private static void CopyResult(TrainRequest request, RunResult result)
    {
        if (request.JsonFile is not null && !request.Folder.IsResult(request.JsonFile))
        {
            OutputFile.Write(request.JsonFile, result.WriteJson);
        }
    }

    private bool Train(CancellationToken cancellation)
    {
        TrainingAnnouncement.Write(environment.Output, Settings, samples, options, kernels, plan);
        plan.RequireWrittenAtMost(Settings.WearBudget ?? TrainSettings.DefaultWearBudget);
        // Without a budget, the machine's own memory is one: it can't be told from a running out of it once allocation has begun.
        plan.RequireAtMost(Settings.MemoryBudget ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        CheckpointStore store = new(environment.OpenStorage(Folder.Checkpoints));
        using TrainingCheckpoints checkpoints = new(store, options, format.Inputs, format.Classes);

        MemoryMeter memory = new();
        using Trainer trainer = Trainer.Create(options, samples.Training, kernels, checkpoints);
        memory.Measure();

        // Not before there is memory for the training: what failed until now leaves a folder that can be used again.
        PrepareFolder();
        bool isRestored = request.IsResumed && checkpoints.Restore(trainer);
        TrainedRun.WarnOf(store.Rejected, environment);
        if (!isRestored)
        {
            RequireUnbegun();
            // From here on there is always something to fall back on; and a full disk shows now, not after the first epoch.
            checkpoints.Save(trainer);
        }

        using MetricsCsv csv = MetricsCsv.Resume(Folder.Metrics, trainer.Position.SamplesSeen);
        MetricsRecorder metrics = new(csv, trainer, report);
        report?.Begin(Settings, trainer.Position.SamplesSeen, isRestored);
        double earlierSeconds = MetricsRecorder.TrainingSeconds(MetricsCsv.Read(Folder.Metrics));
        TrainingLoop loop = new(trainer, checkpoints, metrics, memory, environment.Time, network => EvaluateOnTheWay(network, metrics))
        {
            EvaluatesEveryEpoch = request.EvaluatesEveryEpoch,
        };
        try
        {
            TrainingDisplay.Show(environment, progress =>
            {
                loop.Run(progress, cancellation);
                return true;
            });
        }
        catch (Exception exception)
        {
            EndReport(exception is NonFiniteLossException ? EventKinds.NonFiniteLoss : EventKinds.Paused, trainer, exception.Message);
            throw;
        }

        foreach (string fault in store.Undeleted)
        {
            environment.Error.WriteLine($"warning: A superseded checkpoint could not be deleted; it takes room only: {fault}");
        }

        Network network = checkpoints.LoadNetwork()!;
        SessionFigures Figures() => new(
            earlierSeconds + environment.Time.GetElapsedTime(start).TotalSeconds, earlierSeconds + loop.TrainingSeconds, memory.PeakBytes,
            trainer.Position.SamplesSeen, trainer.IsFinished);
        if (!trainer.IsFinished)
        {
            EndReport(EventKinds.Paused, trainer, "Stopped before the end.");
            Leave(RunResultFactory.Create(Settings, options, format, plan, Figures(), network, evaluation: null));
            return false;
        }

        using RunMeasurement measurement = new(network, Settings, format);
        EvaluationResult evaluation = measurement.Evaluate(samples.Measured);
        metrics.WriteEvaluation(evaluation, Settings.Validation > 0);
        RunResult result = RunResultFactory.Create(Settings, options, format, plan, Figures(), network, evaluation);
        WriteReport(result, measurement);
        report?.Evaluated(evaluation, trainer.Position.SamplesSeen);
        EndReport(EventKinds.RunFinished, trainer, "The run is finished.");
        Leave(result);
        return true;
    }

    private double? EvaluateOnTheWay(Network network, MetricsRecorder metrics)
    {
        if (options.Rule == LearningRule.Alignment && options.Labels == LabelMode.None)
        {
            return null;
        }

        using RunMeasurement measurement = new(network, Settings, format);
        EvaluationResult evaluation = measurement.Evaluate(samples.Measured);
        metrics.WriteEvaluation(evaluation, Settings.Validation > 0);
        return evaluation.Accuracy;
    }

    private void EndReport(string kind, Trainer trainer, string text)
    {
        report?.End(kind, trainer.Position.SamplesSeen, text);
        if (report is { Lost: > 0 })
        {
            environment.Error.WriteLine(
                $"warning: {report.Lost} of {report.Lost + report.Delivered} batches did not reach {request.Report!.Address}: "
                + report.LastFailure);
        }
    }

    /// <summary>Writes what describes a new run, or checks that a resumed one meets the samples it began with.</summary>
    private void PrepareFolder()
    {
        if (!request.IsResumed)
        {
            format.Write(Folder.Samples);
            if (samples.Dataset.Scaling is { } scaling)
            {
                RunFolder.WriteWhole(Folder.Scaling, scaling.Write);
            }

            // Last: a folder with settings is a run.
            Folder.WriteSettings(Settings);
            return;
        }

        SampleFormat begun = SampleFormat.Read(Folder.Samples);
        if ((begun.Inputs, begun.Classes, begun.TrainingCount) != (format.Inputs, format.Classes, format.TrainingCount))
        {
            throw new UsageException(
                $"A resumed run needs the samples it began with: {begun.TrainingCount} of {begun.Inputs} features and {begun.Classes} "
                + $"classes; {format.TrainingCount} of {format.Inputs} and {format.Classes} found. Name their folder with --data.");
        }
    }

    /// <summary>Without a checkpoint only a run that has not learned anything may start from its beginning.</summary>
    private void RequireUnbegun()
    {
        if (File.Exists(Folder.Metrics) && MetricsCsv.Read(Folder.Metrics) is { Count: > 0 } rows)
        {
            throw new IOException(
                $"A resumed run needs a checkpoint; '{Folder.Checkpoints}' holds none, although '{Folder.Metrics}' goes up to sample "
                + string.Create(CultureInfo.InvariantCulture, $"{rows[^1].Step:#,0}; restore the checkpoint files, ")
                + "or start a new run in another folder with --out.");
        }
    }

    private void WriteReport(RunResult result, RunMeasurement measurement)
    {
        ReportModel report = new()
        {
            Result = result,
            Metrics = MetricsCsv.Read(Folder.Metrics),
            Reconstructions = measurement.ReconstructSome(samples.Measured),
            ClassPictures = measurement.DrawClasses(),
        };
        RunFolder.WriteWhole(Folder.Report, stream => HtmlReport.Write(stream, report));
    }

    private void Leave(RunResult result)
    {
        RunFolder.WriteWhole(Folder.Result, result.WriteJson);
        CopyResult(request, result);
        TrainingSummary.Write(environment.Output, result, Folder);
    }
}
