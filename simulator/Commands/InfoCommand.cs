using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <param name="Folder">The run to describe.</param>
/// <param name="Settings">Of the run.</param>
internal sealed record InfoRequest(RunFolder Folder, TrainSettings Settings);

/// <summary><c>simulator info</c>: describes a run's network without data.</summary>
internal sealed class InfoCommand : RunCommand
{
    public InfoCommand(Func<InfoRequest, CancellationToken, Task<int>> describe)
        : base("info", "Describes a run: its layers, their sizes and bytes, the position of the training, the digest of the weights.") =>
        SetAction((parsed, cancellation) =>
        {
            (RunFolder folder, TrainSettings settings) = OpenRun(parsed);
            return describe(new InfoRequest(folder, settings), cancellation);
        });

    public override IReadOnlyList<string> Examples { get; } = ["info --run runs/0001-digits-quick"];
}
