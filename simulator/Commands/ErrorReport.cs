using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>Turns an exception into what a user reads and what the shell gets.</summary>
/// <param name="ExitCode">One of <see cref="Commands.ExitCode"/>.</param>
/// <param name="Lines">One fault each.</param>
internal sealed record ErrorReport(int ExitCode, IReadOnlyList<string> Lines)
{
    public static ErrorReport Of(Exception exception) => exception switch
    {
        UsageException usage => new(Commands.ExitCode.Usage, usage.Faults),
        OperationCanceledException => new(Commands.ExitCode.Interrupted, ["Stopped."]),
        AggregateException { InnerExceptions: [var single] } => Of(single),
        // Every "…FormatException" of this solution is one; so are the parsers' own.
        FormatException or InvalidDataException or IOException or UnauthorizedAccessException or HttpRequestException
            or MemoryBudgetException or WearBudgetException or PlacementException or MemoryCeilingException
            or NonFiniteLossException or NonFiniteParametersException =>
            new(Commands.ExitCode.Failure, [exception.Message]),
        OutOfMemoryException => new(Commands.ExitCode.Failure, ["Memory ran out; use fewer or smaller layers, or a smaller batch."]),
        // Checked at the core's door: the options were fine one by one, but not together or not with this data.
        ArgumentException argument and not ArgumentNullException => new(Commands.ExitCode.Usage, [WithoutParameterName(argument)]),
        _ => new(
            Commands.ExitCode.Failure,
            [
                $"Unexpected {exception.GetType().Name}: {exception.Message} "
                + "Set FEATUREALIGNMENT_DEBUG=1 to see where, and please report it.",
            ]),
    };

    private static string WithoutParameterName(ArgumentException exception) =>
        exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal);
}
