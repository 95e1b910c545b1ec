using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Tests.Datasets;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>The simulator with all its commands at work, in a folder of its own that has a small data set; no network.</summary>
internal sealed class WholeSimulator : IDisposable
{
    private readonly HttpClient client = new(new FakeMirror());

    public WholeSimulator() => DigitFiles.Write(In("data"));

    public string Folder { get; } = Directory.CreateTempSubdirectory("simulator-tests-").FullName;

    /// <summary>What the last call printed.</summary>
    public string Output { get; private set; } = "";

    /// <summary>What the last call complained of.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Where checkpoints go; a folder if not set.</summary>
    public Func<string, IStorage> OpenStorage { get; set; } = FolderStorage.OpenOrCreate;

    public string In(params string[] names) => Path.Combine([Folder, .. names]);

    /// <summary>
    /// Runs a call whose arguments hold no spaces; an option that is given twice has its last value; "DATA" stands for the small data set,
    /// "RUN" for the folder of the run.
    /// </summary>
    public Task<int> RunAsync(string call) => RunAsync(call, TimeProvider.System, CancellationToken.None);

    /// <summary>As above, but with Ctrl+C after so many looks at the clock; the training takes some at each step.</summary>
    public async Task<int> RunAndStopAsync(string call, int looksAtClock)
    {
        using CancellationTokenSource stop = new();
        return await RunAsync(call, new StoppingClock(looksAtClock, stop), stop.Token);
    }

    /// <summary>As above, but with Ctrl+C before anything is done.</summary>
    public Task<int> RunStoppedAsync(string call) => RunAsync(call, TimeProvider.System, new CancellationToken(canceled: true));

    /// <summary>As above, with a clock that moves on by so much at every look.</summary>
    public Task<int> RunSlowlyAsync(string call, TimeSpan perLook) => RunAsync(call, new SlowClock(perLook), CancellationToken.None);

    public JsonNode Result(string run = "run") => JsonNode.Parse(File.ReadAllText(In(run, "result.json")))!;

    public string Digest(string run = "run") => (string)Result(run)["weightsSha256"]!;

    public string[] CheckpointFiles(string run = "run") =>
        [.. Directory.GetFiles(In(run, "checkpoint")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    public void Dispose()
    {
        client.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<int> RunAsync(string call, TimeProvider time, CancellationToken cancellation)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        CommandEnvironment environment = new()
        {
            Output = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) }),
            Error = error,
            RunsFolder = In("runs"),
            Time = time,
            OpenStorage = OpenStorage,
        };
        environment.Output.Profile.Width = 200;
        DatasetFiles files = new(In("cache"), _ => null, new DatasetDownloader(client, TimeSpan.FromHours(1)));
        string[] arguments =
            [.. Words(call).Select(word => word == "DATA" ? In("data") : word.Replace("RUN", In("run"), StringComparison.Ordinal))];
        int exitCode = await SimulatorApplication.Create(environment, new DatasetCatalog(files)).RunAsync(arguments, cancellation);
        Output = output.ToString();
        Error = error.ToString();
        return exitCode;
    }

    private static List<string> Words(string call)
    {
        List<string> words = [.. call.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        for (int i = words.Count - 1; i >= 0; i--)
        {
            int earlier = words[i].StartsWith("--", StringComparison.Ordinal) ? words.IndexOf(words[i], 0, i) : -1;
            if (earlier >= 0)
            {
                words.RemoveRange(earlier, 2);
                i -= 2;
            }
        }

        return words;
    }

    private sealed class StoppingClock(int looks, CancellationTokenSource stop) : TimeProvider
    {
        private int looksLeft = looks;

        public override long GetTimestamp()
        {
            if (--looksLeft == 0)
            {
                stop.Cancel();
            }

            return base.GetTimestamp();
        }
    }

    private sealed class SlowClock(TimeSpan perLook) : TimeProvider
    {
        private long looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => perLook.Ticks * looks++;
    }
}
