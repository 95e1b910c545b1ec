using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Tests.Commands;

/// <summary>The real parser and commands in a folder of their own; the work behind a command is recorded, not done.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();
    private readonly SimulatorApplication application;

    public CommandLine(Func<TrainRequest, CancellationToken, Task<int>>? train = null)
    {
        CommandEnvironment environment = new()
        {
            Output = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) }),
            Error = error,
            RunsFolder = In("runs"),
        };
        environment.Output.Profile.Width = 120;
        application = new SimulatorApplication(
            environment,
            new TrainCommand(environment, train ?? RecordTraining),
            new EvaluateCommand(Record),
            new PredictCommand(Record),
            new ReconstructCommand(Record),
            new InfoCommand(Record),
            new CompareCommand(environment, Record),
            new DeviceCommand(environment, Record),
            new ExportCommand(environment, Record, Record),
            new BenchCommand(Record),
            new MemoryCommand(Record));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("simulator-tests-").FullName;

    public string Output => output.ToString();

    public string Error => error.ToString();

    /// <summary>Lines that begin with "error:".</summary>
    public int Errors => Error.Split('\n').Count(line => line.StartsWith("error:", StringComparison.Ordinal));

    /// <summary>What the last call of <c>train</c> asked for; null when it was refused.</summary>
    public TrainRequest? Trained { get; private set; }

    /// <summary>What the last call of another command asked for; null when it was refused.</summary>
    public object? Requested { get; private set; }

    public string In(string name) => Path.Combine(Folder, name);

    /// <summary>Runs a call whose arguments hold no spaces.</summary>
    public Task<int> RunAsync(string arguments) => RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public Task<int> RunAsync(params string[] arguments) => application.RunAsync(arguments, CancellationToken.None);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Task<int> RecordTraining(TrainRequest request, CancellationToken cancellation)
    {
        Trained = request;
        request.Folder.WriteSettings(request.Settings);
        return Task.FromResult(ExitCode.Success);
    }

    private Task<int> Record(object request, CancellationToken cancellation)
    {
        Requested = request;
        return Task.FromResult(ExitCode.Success);
    }
}
