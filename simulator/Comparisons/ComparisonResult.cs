using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Comparisons;

/// <summary>One of the two runs of a comparison.</summary>
internal sealed record ComparedRun
{
    /// <summary>The run's own result.</summary>
    public required RunResult Result { get; init; }

    /// <summary>What was measured after each epoch; layerwise, after each epoch of each layer, with the layers there are by then.</summary>
    public required IReadOnlyList<EpochAccuracy> Epochs { get; init; }

    /// <summary>Seconds of the training loop alone.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Reads what a finished run has left.</summary>
    public static ComparedRun Read(RunFolder folder)
    {
        using FileStream stream = File.OpenRead(folder.Result);
        IReadOnlyList<MetricRow> rows = MetricsCsv.Read(folder.Metrics);
        return new ComparedRun
        {
            Result = RunResult.ReadJson(stream),
            Epochs =
            [
                .. from row in rows
                   where row.Layer is null && (row.TestAccuracy ?? row.ValidationAccuracy) is not null
                   select new EpochAccuracy(
                       row.Epoch, (row.TestAccuracy ?? row.ValidationAccuracy)!.Value,
                       MetricsRecorder.TrainingSeconds(rows.Where(earlier => earlier.Step <= row.Step))),
            ],
            TrainingSeconds = MetricsRecorder.TrainingSeconds(rows),
        };
    }
}

/// <param name="Epoch">Epochs that were complete.</param>
/// <param name="Accuracy">0 to 1.</param>
/// <param name="TrainingSeconds">Of the training loop until then.</param>
internal sealed record EpochAccuracy(int Epoch, double Accuracy, double TrainingSeconds);

/// <summary><c>result.json</c> of a comparison.</summary>
internal sealed record ComparisonResult
{
    public required ComparedRun Alignment { get; init; }

    public required ComparedRun Backpropagation { get; init; }

    /// <summary>Training time of alignment over that of backpropagation.</summary>
    public required double TimeRatio { get; init; }

    /// <summary>Training memory of backpropagation over that of alignment, as measured.</summary>
    public required double MemoryRatio { get; init; }

    /// <summary>The command line that repeats the comparison.</summary>
    public required string Command { get; init; }

    public static ComparisonResult Of(ComparedRun alignment, ComparedRun backpropagation, string command) => new()
    {
        Alignment = alignment,
        Backpropagation = backpropagation,
        TimeRatio = alignment.TrainingSeconds / backpropagation.TrainingSeconds,
        MemoryRatio = (double)backpropagation.Result.TrainingBytes / alignment.Result.TrainingBytes,
        Command = command,
    };

    public void WriteJson(Stream stream)
    {
        JsonSerializer.Serialize(stream, this, RunResultJson.Default.ComparisonResult);
        stream.WriteByte((byte)'\n');
    }
}
