using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.BoardProxy;

/// <summary>
/// The device application itself, in two lives over one folder: the first one loses power half way, the second one resumes and finishes.
/// Prints what must not depend on the runtime, and on standard error what may.
/// </summary>
internal static class DeviceMode
{
    private const int PixelsPerSide = 28;
    private const int Classes = 10;

    /// <summary>Writes the first samples as the four IDX files that a device of these settings learns from.</summary>
    public static void WriteFiles(string folder, ISampleSource training, ISampleSource test)
    {
        Write(folder, "train", training);
        Write(folder, "t10k", test);
    }

    /// <summary>The two lives.</summary>
    public static int Run(string folder, string layers, int samples)
    {
        Dictionary<string, string> settings = SettingsOf(layers);
        var storage = new FolderPlatform.Folder(folder);
        using var idle = new CancellationTokenSource();
        var first = new FolderPlatform(storage, idle, ticksToPowerCut: samples / 2);
        try
        {
            new DeviceApplication(first, settings, KernelSet.Scalar).Run(CancellationToken.None);
            throw new InvalidOperationException("The power must go half way; the device has finished.");
        }
        catch (FolderPlatform.PowerCutException)
        {
            // As meant. A board starts with an empty heap.
        }

        GC.Collect();
        var second = new FolderPlatform(storage, idle);
        new DeviceApplication(second, settings, KernelSet.Scalar).Run(idle.Token);

        // The profiler notes the heap's size when it collects.
        GC.Collect();
        Console.WriteLine($"device-batches {(first.Batches > 0 && second.Batches > 0 ? "arrived" : "did not arrive")}");

        // A report, a checkpoint, an evaluation allocate; between them nothing does.
        int ticks = first.Ticks + second.Ticks, quiet = first.QuietTicks + second.QuietTicks;
        Console.WriteLine($"device-steps-without-allocation {(quiet >= ticks * 97 / 100 ? "nearly-all" : "too-few")}");
        Console.Error.WriteLine(string.Format(
            CultureInfo.InvariantCulture, "{0} pieces of work, {1} without allocation; at most {2:N0} bytes alive", ticks, quiet,
            Math.Max(first.PeakBytes, second.PeakBytes)));
        return 0;
    }

    /// <summary>What the lives have left in the folder; apart from them, for it takes as much memory as they do.</summary>
    public static int PrintWeights(string folder, string layers, int samples)
    {
        var storage = new FolderPlatform.Folder(folder);
        DeviceSettings settings = SettingsReader.Read(SettingsOf(layers)).Settings;
        PlacementPlan plan = PlacementPlan.Create(settings, PixelsPerSide * PixelsPerSide, Classes, samples, KernelSet.Scalar);
        using var checkpoints = new TrainingCheckpoints(
            new CheckpointStore(DeviceModels.Current(storage, storage)), plan.Options, PixelsPerSide * PixelsPerSide, Classes);
        Console.WriteLine($"device-digest {checkpoints.LoadNetwork()!.ComputeDigest()}");
        Console.WriteLine($"device-samples {checkpoints.ReadPosition()!.Value.SamplesSeen}");
        Console.WriteLine($"device-planned-bytes {plan.Use.Total}");
        return 0;
    }

    private static Dictionary<string, string> SettingsOf(string layers) => new()
    {
        ["Goal"] = "classification",
        ["Source"] = "files",
        ["Network.Layers"] = layers,
        ["Network.Activation"] = "relu",
        ["Training.Labels"] = "completed",
        ["Training.Optimizer"] = "sgd",
        ["Training.LearningRate"] = "0.025",
        ["Training.Decay"] = "linear",
        ["Training.AlignmentWeight"] = "0.01",
        ["Memory.Budget"] = "2MB",
        ["Storage.CheckpointPeriod"] = "10s",
        ["Report.Period"] = "5s",
        ["Benchmark.AtFirstStart"] = "false",
    };

    private static void Write(string folder, string part, ISampleSource samples)
    {
        using FileStream images = File.Create(Path.Combine(folder, part + "-images-idx3-ubyte"));
        using FileStream labels = File.Create(Path.Combine(folder, part + "-labels-idx1-ubyte"));
        WriteHeader(images, 0x803, samples.Count, PixelsPerSide, PixelsPerSide);
        WriteHeader(labels, 0x801, samples.Count);
        var features = new float[samples.Inputs];
        for (int i = 0; i < samples.Count; i++)
        {
            labels.WriteByte((byte)samples.Read(i, features));
            foreach (float feature in features)
            {
                images.WriteByte((byte)Math.Round(feature * byte.MaxValue));
            }
        }
    }

    private static void WriteHeader(FileStream file, params int[] numbers)
    {
        foreach (int number in numbers)
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                file.WriteByte((byte)(number >> shift));
            }
        }
    }
}
