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
/// error what may. Arguments are name=value; the defaults are the simulator's preset <c>board</c>.
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

        string data = Text("data", ""), prefix = data.Length == 0 ? "" : data + Path.DirectorySeparatorChar;
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
        if (given.Count > 0)
        {
            Console.Error.WriteLine($"Arguments must be settings of the training; unknown: {string.Join(", ", given.Keys)}.");
            return 2;
        }

        ISampleSource training = data.Length == 0 ? new SyntheticDigits(options.Seed, count) : ReadFirst(prefix + "train", count);
        ISampleSource test = data.Length == 0
            ? new SyntheticDigits(options.Seed, TestSamples, firstIndex: count)
            : ReadFirst(prefix + "t10k", TestSamples);

        using Trainer trainer = Trainer.Create(options, training, KernelSet.Scalar);
        trainer.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (!trainer.IsFinished)
        {
            trainer.Step();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var network = new Network(options, trainer.ResidentLayers.Select(resident => resident.Layer).ToArray());
        Network restored = SaveAndLoad(trainer, training);
        using var evaluator = new NetworkEvaluator(restored, KernelSet.Scalar, threads: 1);
        EvaluationResult result = evaluator.Evaluate(test);

        // Bits, because runtimes write the same number differently.
        Console.WriteLine($"digest {network.ComputeDigest()}");
        Console.WriteLine($"restored {restored.ComputeDigest()}");
        Console.WriteLine($"bytes-allocated-after-first-step {allocated}");
        Console.WriteLine($"correct {Math.Round((result.Accuracy ?? 0) * TestSamples)} of {TestSamples}");
        Console.WriteLine($"reconstruction-error-bits {BitConverter.DoubleToInt64Bits(result.ReconstructionMse[0]):x16}");
        Console.WriteLine($"planned-bytes {MemoryPlan.Create(options, training.Inputs, training.Classes, training.Count, KernelSet.Scalar).Use.Total}");
        Console.Error.WriteLine($"runtime {Environment.Version}, {8 * IntPtr.Size} bits");
        return 0;
    }

    /// <summary>The first samples of a pair of IDX files: the whole set would not fit the board's heap.</summary>
    private static IdxDataset ReadFirst(string prefix, int count)
    {
        using MemoryStream images = First(prefix + "-images-idx3-ubyte", 16, 28 * 28, count);
        using MemoryStream labels = First(prefix + "-labels-idx1-ubyte", 8, 1, count);
        return IdxDataset.Read(images, labels, prefix);
    }

    /// <summary>A file's header, with the new count in it, and its first items.</summary>
    private static MemoryStream First(string path, int headerBytes, int itemBytes, int count)
    {
        var bytes = new byte[headerBytes + (count * itemBytes)];
        using (Stream file = OpenPlainOrGzip(path))
        {
            for (int filled = 0, read; filled < bytes.Length; filled += read)
            {
                read = file.Read(bytes, filled, bytes.Length - filled);
                if (read == 0)
                {
                    throw new EndOfStreamException($"{path} must hold {count} items; it ends after {filled} of {bytes.Length} bytes.");
                }
            }
        }

        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), count);
        return new MemoryStream(bytes, writable: false);
    }

    private static Stream OpenPlainOrGzip(string path) =>
        File.Exists(path)
            ? File.OpenRead(path)
            : new System.IO.Compression.GZipStream(File.OpenRead(path + ".gz"), System.IO.Compression.CompressionMode.Decompress);

    /// <summary>Through a real folder, as training saves it and a later start finds it.</summary>
    private static Network SaveAndLoad(Trainer trainer, ISampleSource samples)
    {
        string folder = Path.Combine(Path.GetTempPath(), "board-proxy-" + Guid.NewGuid().ToString("N"));
        try
        {
            using (TrainingCheckpoints writing = Open())
            {
                writing.Save(trainer);
            }

            using TrainingCheckpoints reading = Open();
            return reading.LoadNetwork() ?? throw new InvalidOperationException("A saved network must be found again; none was.");
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        TrainingCheckpoints Open() =>
            new(new CheckpointStore(FolderStorage.OpenOrCreate(folder)), trainer.Options, samples.Inputs, samples.Classes);
    }
}
