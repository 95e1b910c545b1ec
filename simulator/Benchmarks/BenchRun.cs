using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using FeatureAlignment.Datasets;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>The work of <c>bench</c>: rounds in which every row and the machine's own limits are measured once.</summary>
internal sealed class BenchRun : IDisposable
{
    private const int PeakTurnsAtOnce = 100_000;
    private const double Giga = 1e9;

    private static readonly int[] Batches = [1, 8, 32, 128];

    private readonly CommandEnvironment environment;
    private readonly BenchPlan plan;
    private readonly List<BenchWorkload> workloads = [];
    private readonly List<Machine> machines = [];

    private BenchRun(CommandEnvironment environment, BenchPlan plan)
    {
        this.environment = environment;
        this.plan = plan;
        int[] threadCounts = [.. new[] { 1, Math.Min(Environment.ProcessorCount, TrainSettingsCheck.MaxThreads) }.Distinct()];
        var triad = new MemoryTriad(plan.TriadLength);
        foreach (int threads in threadCounts)
        {
            machines.Add(new Machine(threads, triad));
        }

        InMemoryDataset samples = BenchWorkload.RandomSamples(plan.Samples);
        foreach ((string name, TrainSettings settings) in Nets())
        {
            // Single samples are learned by one thread.
            foreach (int threads in settings.Batch == 1 ? [1] : threadCounts)
            {
                TrainingOptions Options(LearningRule rule) => BenchWorkload.OptionsOf(settings, rule, samples.Count, threads);
                workloads.Add(new TrainingWorkload(name, Options(LearningRule.Alignment), samples));
                workloads.Add(new TrainingWorkload(name, Options(LearningRule.Backpropagation), samples));
                workloads.Add(new InferenceWorkload(name, Options(LearningRule.Alignment), samples));
            }
        }
    }

    public static int Run(CommandEnvironment environment, BenchRequest request, BenchPlan plan, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using BenchRun run = new(environment, plan);
        run.Measure(cancellation);
        BenchResult result = run.Result();
        BenchTables.Write(environment.Output, result);
        if (request.JsonFile is not null)
        {
            OutputFile.Write(request.JsonFile, result.WriteJson);
        }

        return ExitCode.Success;
    }

    public void Dispose()
    {
        foreach (IDisposable used in workloads.Concat<IDisposable>(machines))
        {
            used.Dispose();
        }
    }

    /// <summary>The presets as they train, and the accurate one's net without dropped pixels for each batch.</summary>
    private static IEnumerable<(string Name, TrainSettings Settings)> Nets() =>
    [
        .. TrainPresets.All.Select(preset => (OptionValue.Write(preset.Preset), preset)),
        .. Batches.Select(batch => ("[512,256]", TrainPresets.Accurate with { DropPixels = 0, Batch = batch })),
    ];

    private void Measure(CancellationToken cancellation)
    {
        environment.Output.Profile.Out.Writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.WarmUpRounds} rounds to warm up, {plan.Rounds} that count; in each, every row and the machine's limits for "
            + $"{plan.Measurement.TotalMilliseconds:0} ms."));
        for (int round = -plan.WarmUpRounds; round < plan.Rounds; round++)
        {
            foreach (Machine machine in machines)
            {
                cancellation.ThrowIfCancellationRequested();
                machine.Measure(environment.Time, plan.Measurement, isCounted: round >= 0);
            }

            foreach (BenchWorkload workload in workloads)
            {
                cancellation.ThrowIfCancellationRequested();
                Measure(workload, isCounted: round >= 0);
            }
        }
    }

    private void Measure(BenchWorkload workload, bool isCounted)
    {
        long samples = 0;
        int steps = 0;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = environment.Time.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            samples += workload.Step();
            steps++;
            elapsed = environment.Time.GetElapsedTime(start);
        }
        while (elapsed < plan.Measurement);

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        if (isCounted)
        {
            workload.SamplesPerSecond.Add(samples / elapsed.TotalSeconds);
            workload.BytesPerStep.Add((double)allocated / steps);
        }
    }

    private BenchResult Result() => new()
    {
        Runtime = RunRuntime.Current,
        VectorBits = FusedMultiplyAddPeak.WidthInBits,
        Rounds = plan.Rounds,
        Machine = [.. machines.Select(machine => new MachineFigures(
            machine.Threads, Repeats.Of(machine.Gigaflops), Repeats.Of(machine.Gigabytes)))],
        Rows = [.. workloads.Select(Row)],
        AlignmentOverBackpropagation =
        [
            .. from alignment in workloads
               from baseline in workloads
               where alignment.Rule == "alignment" && baseline.Rule == "backpropagation" && IsSameNet(alignment, baseline)
                   && alignment.Threads == baseline.Threads
               select new RuleRatio(
                   alignment.Name, alignment.Options.Batch, alignment.Threads,
                   Repeats.OfRatio(baseline.SamplesPerSecond, alignment.SamplesPerSecond),
                   (double)alignment.Products / baseline.Products),
        ],
        AllThreadsOverOne =
        [
            .. from one in workloads
               from all in workloads
               where one.Rule == all.Rule && IsSameNet(one, all) && one.Threads < all.Threads
               select new ThreadRatio(
                   one.Name, one.Rule, one.Options.Batch, all.Threads, Repeats.OfRatio(all.SamplesPerSecond, one.SamplesPerSecond)),
        ],
    };

    private static bool IsSameNet(BenchWorkload one, BenchWorkload other) =>
        one.Name == other.Name && one.Options.Batch == other.Options.Batch;

    private BenchRow Row(BenchWorkload workload)
    {
        Machine machine = machines.Single(candidate => candidate.Threads == workload.Threads);
        double[] gigaflops = [.. workload.SamplesPerSecond.Select(speed => 2 * speed * workload.Products / Giga)];
        return new BenchRow
        {
            Name = workload.Name,
            Rule = workload.Rule,
            Layers = workload.Options.Layers,
            Batch = workload.Options.Batch,
            Optimizer = OptionValue.Write(workload.Options.Optimizer),
            Threads = workload.Threads,
            SamplesPerSecond = Repeats.Of(workload.SamplesPerSecond),
            MultiplyAccumulatesPerSample = workload.Products,
            Gigaflops = Repeats.Of(gigaflops),
            ShareOfPeak = Repeats.OfRatio(gigaflops, machine.Gigaflops).Median,
            ShareOfBandwidth = workload.Traffic is { } traffic
                ? Repeats.OfRatio(
                    [.. workload.SamplesPerSecond.Select(speed => speed / workload.Options.Batch * traffic / Giga)],
                    machine.Gigabytes).Median
                : null,
            AllocatedBytesPerStep = Repeats.Of(workload.BytesPerStep).Median,
        };
    }

    /// <summary>The limits of the machine with some threads at work.</summary>
    private sealed class Machine(int threads, MemoryTriad triad) : IDisposable
    {
        private readonly ThreadTeam team = new(threads);
        private float sink;

        public int Threads => threads;

        public List<double> Gigaflops { get; } = [];

        public List<double> Gigabytes { get; } = [];

        public void Measure(TimeProvider time, TimeSpan duration, bool isCounted)
        {
            double runs = RunsPerSecond(time, duration, _ => sink = FusedMultiplyAddPeak.Run(PeakTurnsAtOnce));
            double passes = RunsPerSecond(time, duration, workerIndex => triad.Run(workerIndex, threads));
            if (isCounted)
            {
                Gigaflops.Add(runs * threads * PeakTurnsAtOnce * FusedMultiplyAddPeak.OperationsPerTurn / Giga);
                Gigabytes.Add(passes * triad.Bytes / Giga);
            }
        }

        public void Dispose() => team.Dispose();

        private double RunsPerSecond(TimeProvider time, TimeSpan duration, Action<int> work)
        {
            int runs = 0;
            long start = time.GetTimestamp();
            TimeSpan elapsed;
            do
            {
                team.Run(work, threads);
                runs++;
                elapsed = time.GetElapsedTime(start);
            }
            while (elapsed < duration);
            return runs / elapsed.TotalSeconds;
        }
    }
}
