using System;
using System.IO;
using FeatureAlignment.Datasets;
using FeatureAlignment.Simulator.Tests.Datasets;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>A small set of drawn digits as the four IDX files of MNIST.</summary>
internal static class DigitFiles
{
    public const string TrainingImages = "train-images-idx3-ubyte";
    public const string TrainingLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";
    public const int TrainingCount = 300;
    public const int TestCount = 100;

    private const int Side = 28;

    public static void Write(string folder, int trainingCount = TrainingCount)
    {
        Directory.CreateDirectory(folder);
        Write(folder, TrainingImages, TrainingLabels, first: 0, trainingCount);
        Write(folder, TestImages, TestLabels, first: trainingCount, TestCount);
    }

    private static void Write(string folder, string imageName, string labelName, int first, int count)
    {
        var digits = new SyntheticDigits(seed: 5, count, first);
        byte[] pixels = new byte[count * Side * Side];
        byte[] labels = new byte[count];
        float[] features = new float[Side * Side];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)digits.Read(i, features);
            for (int p = 0; p < features.Length; p++)
            {
                pixels[(i * features.Length) + p] = (byte)MathF.Round(features[p] * 255);
            }
        }

        File.WriteAllBytes(Path.Combine(folder, imageName), SmallDataset.Idx([0x803, count, Side, Side], pixels));
        File.WriteAllBytes(Path.Combine(folder, labelName), SmallDataset.Idx([0x801, count], labels));
    }
}
