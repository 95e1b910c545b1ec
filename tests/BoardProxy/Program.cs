using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using FeatureAlignment.Alignment;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Kernels;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;

namespace FeatureAlignment.BoardProxy;

/// <summary>
/// Trains as the board does, then prints what must not depend on the runtime, as "name value" lines that check.sh compares, and on standard
/// error what may. Arguments are name=value; the defaults are the simulator's preset <c>board</c>. With mode=files it writes the samples as
/// IDX files to folder=…, with mode=device the device application learns from them, with mode=weights what it left is read.
/// </summary>
internal static class Program
{
    private const int TestSamples = 200;

    private static int Main(string[] arguments)
    {
        Dictionary<string, string> given = arguments.Select(one => one.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        string Text(string name, string standard) => given.Remove(name, out string? text) ? text : standard;
        int Whole(string name, int standard) =>
            int.Parse(Text(name, standard.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        float Number(string name, string standard) => float.Parse(Text(name, standard), CultureInfo.InvariantCulture);

        string mode = Text("mode", "train");
        string folder = Text("folder", "");
        string data = Text("data", "");
        int count = Whole("samples", 500);
        var options = new TrainingOptions
        {
            Layers = Text("layers", "128").Split(',').Select(width => int.Parse(width, CultureInfo.InvariantCulture)).ToArray(),
            Activation = Enum.Parse<Activation>(Text("activation", "Relu"), ignoreCase: true),
            Labels = LabelMode.Completed,
            Alignment = new AlignmentOptions { AlignmentWeight = Number("alignmentWeight", "0.01") },
            Epochs = Whole("epochs", 1),
            Batch = Whole("batch", 1),
            Optimizer = Enum.Parse<OptimizerKind>(Text("optimizer", "Sgd"), ignoreCase: true),
            LearningRate = new LearningRateSchedule(
                Number("learningRate", "0.025"),
                Enum.Parse<LearningRateDecay>(Text("decay", "Linear"), ignoreCase: true)),
            Seed = (ulong)Whole("seed", 1),
        };
        if (mode == "device")
        {
            return DeviceMode.Run(folder, string.Join(",", options.Layers), count);
        }

        if (mode == "weights")
        {
            return DeviceMode.PrintWeights(folder, string.Join(",", options.Layers), count);
        }

        if (given.Count > 0 || mode is not ("train" or "files"))
        {
            Console.Error.WriteLine($"Arguments must be settings of the training; unknown: {string.Join(", ", given.Keys)}.");
            return 2;
        }

        using OpenSamples training = data.Length == 0
            ? new(new SyntheticDigits(options.Seed, count))
            : OpenSamples.First(Path.Combine(data, "train"), count);
        using OpenSamples test = data.Length == 0
            ? new(new SyntheticDigits(options.Seed, TestSamples, firstIndex: count))
            : OpenSamples.First(Path.Combine(data, "t10k"), TestSamples);

        if (mode == "files")
        {
            DeviceMode.WriteFiles(folder, training.Samples, test.Samples);
            return 0;
        }

        using Trainer trainer = Trainer.Create(options, training.Samples, KernelSet.Scalar);
        trainer.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var network = new Network(options, trainer.ResidentLayers.Select(resident => resident.Layer).ToArray());
        string digest = network.ComputeDigest();
        SaveForgetAndRestore(trainer);

        // One sample at a time: a batch would take more memory than the training.
        using var evaluator = new NetworkEvaluator(network, KernelSet.Scalar, threads: 1, batch: 1);
        EvaluationResult result = evaluator.Evaluate(test.Samples);

        // The profiler notes the heap's size when it collects; here everything that a board holds at once is alive.
        GC.Collect();

        // Bits, because runtimes write the same number differently.
        Console.WriteLine($"digest {digest}");
        Console.WriteLine($"restored {network.ComputeDigest()}");
        Console.WriteLine($"bytes-allocated-after-first-step {allocated}");
        Console.WriteLine($"correct {Math.Round((result.Accuracy ?? 0) * TestSamples)} of {TestSamples}");
        Console.WriteLine($"reconstruction-error-bits {BitConverter.DoubleToInt64Bits(result.ReconstructionMse[0]):x16}");
        Console.WriteLine($"planned-bytes {Plan(options, training.Samples)}");
        Console.Error.WriteLine($"runtime {Environment.Version}, {8 * IntPtr.Size} bits");
        return 0;
    }

    private static long Plan(TrainingOptions options, ISampleSource samples) =>
        MemoryPlan.Create(options, samples.Inputs, samples.Classes, samples.Count, KernelSet.Scalar).Use.Total;

    /// <summary>Through a real folder, as training saves its layers and a later start finds them; in between they are cleared.</summary>
    private static void SaveForgetAndRestore(Trainer trainer)
    {
        string folder = Path.Combine(Path.GetTempPath(), "board-proxy-" + Guid.NewGuid().ToString("N"));
        try
        {
            using (TrainingCheckpoints writing = Open())
            {
                writing.Save(trainer);
            }

            foreach (ResidentLayer resident in trainer.ResidentLayers)
            {
                Array.Clear(resident.Layer.WeightData, 0, resident.Layer.WeightData.Length);
                Array.Clear(resident.Layer.Bias, 0, resident.Layer.Bias.Length);
                Array.Clear(resident.Layer.LabelBias, 0, resident.Layer.LabelBias.Length);
            }

            using TrainingCheckpoints reading = Open();
            if (!reading.Restore(trainer))
            {
                throw new InvalidOperationException("A saved training must be found again; none was.");
            }
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        TrainingCheckpoints Open() => new(
            new CheckpointStore(FolderStorage.OpenOrCreate(folder)), trainer.Options, trainer.LayerSpecs[0].Inputs,
            trainer.LayerSpecs[0].LabelInputs);
    }
}
