using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Benchmarks;
using FeatureAlignment.Simulator.Comparisons;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Devices;
using FeatureAlignment.Simulator.Memory;
using FeatureAlignment.Simulator.Runs;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>
/// The command line as a whole: parses a call, runs its command, and turns whatever goes wrong into a message and an exit code.
/// </summary>
internal sealed class SimulatorApplication
{
    private const int NarrowestHelp = 60;

    // Words are taken as they are: no bundles of one-letter options, no response files behind an @.
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    private readonly CommandEnvironment environment;
    private readonly RootCommand root = new("Trains and examines neural networks that learn layer by layer, without backpropagation.");

    public SimulatorApplication(CommandEnvironment environment, params IEnumerable<SimulatorCommand> commands)
    {
        this.environment = environment;
        foreach (SimulatorCommand command in commands)
        {
            root.Add(command);
        }

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples(new HelpAction { MaxWidth = Math.Max(NarrowestHelp, environment.Output.Profile.Width) });
    }

    /// <summary>The application with every command doing its work.</summary>
    public static SimulatorApplication Create(CommandEnvironment environment, DatasetCatalog catalog) => new(
        environment,
        new TrainCommand(environment, (request, cancellation) => TrainRun.RunAsync(environment, catalog, request, cancellation)),
        new EvaluateCommand((request, cancellation) => RunEvaluation.RunAsync(environment, catalog, request, cancellation)),
        new PredictCommand((request, _) => Task.FromResult(RunPrediction.Run(environment, request))),
        new ReconstructCommand((request, cancellation) => RunReconstruction.RunAsync(environment, catalog, request, cancellation)),
        new InfoCommand((request, _) => Task.FromResult(RunDescription.Run(environment, request))),
        new CompareCommand(environment, (request, cancellation) => ComparisonRun.RunAsync(environment, catalog, request, cancellation)),
        new DeviceCommand(environment, (request, cancellation) => DeviceRun.RunAsync(environment, catalog, request, cancellation)),
        new ExportCommand(
            environment,
            (request, _) => Task.FromResult(ModelExport.ToBoard(environment, request)),
            (request, cancellation) => ModelExport.ToRunAsync(environment, catalog, request, cancellation)),
        new BenchCommand((request, cancellation) => Task.FromResult(BenchRun.Run(environment, request, BenchPlan.Full, cancellation))),
        new MemoryCommand((request, cancellation) => Task.FromResult(MemoryRun.Run(environment, request, cancellation))));

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        try
        {
            ParseResult parsed = root.Parse(arguments, Parsing);
            // Help and version answer whatever else the call says.
            bool isChecked = parsed.Action is null or { ClearsParseErrors: false };
            IReadOnlyList<string> faults = isChecked ? UsageReport.Faults(parsed) : [];
            if (faults.Count > 0)
            {
                WriteErrors(faults);
                string command = parsed.CommandResult.Command is RootCommand ? "" : $"{parsed.CommandResult.Command.Name} ";
                environment.Error.WriteLine($"Try: simulator {command}--help");
                return ExitCode.Usage;
            }

            InvocationConfiguration invocation = new()
            {
                Output = environment.Output.Profile.Out.Writer,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                // Ctrl+C arrives through the token; the library's own handler would end the process after two seconds.
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, cancellation);
        }
#pragma warning disable CA1031 // The top of the program: nothing above would show the error.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ErrorReport report = ErrorReport.Of(exception);
            WriteErrors(report.Lines);
            if (environment.IsDebugging)
            {
                environment.Error.WriteLine(exception);
            }

            return report.ExitCode;
        }
    }

    private void WriteErrors(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            environment.Error.WriteLine($"error: {line}");
        }
    }
}
