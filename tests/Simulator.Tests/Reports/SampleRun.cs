using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Simulator.Reports;

namespace FeatureAlignment.Simulator.Tests.Reports;

/// <summary>A made-up run with everything a report can show: two layers, twenty epochs, ten classes.</summary>
internal static class SampleRun
{
    private const int Epochs = 20;
    private const int SamplesPerEpoch = 55_000;
    private const int ReportsPerEpoch = 20;
    private const int Classes = 10;
    private const int Side = 8;

    public static RunResult Result { get; } = new()
    {
        Dataset = "mnist",
        Rule = "alignment",
        Layers = [512, 256],
        Inputs = 784,
        Activation = "relu",
        Labels = "completed",
        Schedule = "interleaved",
        Preset = "accurate",
        Seed = 1,
        Epochs = Epochs,
        Batch = 128,
        Optimizer = "adam",
        LearningRate = 0.0015,
        Decay = "linear",
        AlignmentWeight = 0.01,
        LabelWeight = 1,
        Steps = 1,
        StepSize = 1,
        Guess = "zero",
        DropPixels = 0.2,
        Threads = 2,
        Kernels = "vector512",
        SamplesSeen = Epochs * SamplesPerEpoch,
        TestAccuracy = 0.9868,
        LayerAccuracies = [0.9861, 0.9857],
        ReconstructionMse = [0.01243, 0.00417],
        DecodedMse = 0.01912,
        Confusion = Confusion(),
        Seconds = 71.4,
        SamplesPerSecond = 21_340,
        TrainingBytes = 7_002_112,
        MemoryPlan = new MemoryPlanSummary(2_173_264, 2_173_264, 2_173_264, 393_216, 89_104, 7_002_112),
        DeadNeurons = [3, 0],
        LayerParameters = [407_050, 133_898],
        WeightsSha256 = "9f2b1c6d8e3a5f704b1de2c3a49586776859a4b3c2d1e0f00f1e2d3c4b5a6978",
        Finished = true,
        Runtime = new RunRuntime(".NET 10.0.0", "Linux 6.1", "X64", 2),
        Command = "simulator train --preset accurate --dataset mnist --seed 1 --threads 2",
    };

    public static ReportModel Model { get; } = new()
    {
        Result = Result,
        Metrics = Metrics(),
        Reconstructions = Enumerable.Range(0, 12)
            .Select(index => new Reconstruction(Picture(index, 0), Picture(index, 0.3f), index % Classes, index == 5 ? 3 : index % Classes))
            .ToList(),
        ClassPictures = Enumerable.Range(0, Classes).Select(index => Picture(index, 0.5f)).ToList(),
    };

    /// <summary>Losses that fall as 1/step with a ripple, two layers, and accuracies after each epoch.</summary>
    public static List<MetricRow> Metrics()
    {
        List<MetricRow> rows = [];
        for (int report = 1; report <= Epochs * ReportsPerEpoch; report++)
        {
            long step = (long)report * SamplesPerEpoch / ReportsPerEpoch;
            double ripple = 1 + (0.04 * Math.Sin(report * 1.7)) + (0.03 * Math.Sin(report * 0.61));
            for (int layer = 0; layer < 2; layer++)
            {
                rows.Add(new MetricRow(step, report / ReportsPerEpoch)
                {
                    Layer = layer,
                    AlignmentLoss = ripple * ((layer == 0 ? 4.6 : 1.1) + (60.0 / report)),
                    LabelLoss = ripple * ((layer == 0 ? 0.012 : 0.008) + (1.9 / (report + (layer * 4)))),
                    LearningRate = 0.0015 * (1 - ((double)report / (Epochs * ReportsPerEpoch))),
                    SamplesPerSecond = 21_340 * ripple,
                });
            }

            if (report % ReportsPerEpoch == 0)
            {
                int epoch = report / ReportsPerEpoch;
                for (int layer = 0; layer < 2; layer++)
                {
                    rows.Add(new MetricRow(step, epoch) { Layer = layer, ValidationAccuracy = 0.986 - ((0.03 + (layer * 0.004)) / epoch) });
                }

                rows.Add(new MetricRow(step, epoch) { ValidationAccuracy = 0.987 - (0.028 / epoch) });
            }
        }

        return rows;
    }

    private static List<IReadOnlyList<int>> Confusion() => Enumerable.Range(0, Classes)
        .Select(row => (IReadOnlyList<int>)Enumerable.Range(0, Classes)
            .Select(column => row == column ? 960 + (row * 7 % 60) : (row * column * 5 + column * 3 + row) % 11 - 5)
            .Select(count => Math.Max(count, 0))
            .ToList())
        .ToList();

    private static GrayImage Picture(int index, float blur)
    {
        float[] pixels = new float[Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            float stroke = (i % Side == index % Side || i / Side == (index + 3) % Side) ? 1 : 0;
            pixels[i] = (stroke * (1 - blur)) + (blur * (i % 7) / 7f);
        }

        return new GrayImage(Side, Side, pixels);
    }
}
