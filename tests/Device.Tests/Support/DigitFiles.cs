using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Datasets;
using FeatureAlignment.Simulation.Storage;

namespace FeatureAlignment.Device.Tests.Support;

/// <summary>Drawn digits of 7 x 7 pixels in IDX files, under the names of MNIST.</summary>
internal static class DigitFiles
{
    public const int Inputs = Side * Side;
    public const string TrainingImages = "train-images-idx3-ubyte", TrainingLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";

    private const int Side = 7, Factor = 4;

    public static MemoryStorage Create(int training, int test)
    {
        var storage = new MemoryStorage();
        Write(storage, TrainingImages, TrainingLabels, new SyntheticDigits(1, training));
        Write(storage, TestImages, TestLabels, new SyntheticDigits(1, test, training));
        return storage;
    }

    /// <summary>The bytes of a file, to be damaged and written again.</summary>
    public static byte[] ReadAll(IStorage storage, string name)
    {
        using Stream stream = storage.OpenRead(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static void Replace(IStorage storage, string name, byte[] content)
    {
        storage.Delete(name);
        using Stream stream = storage.Create(name);
        stream.Write(content);
    }

    private static void Write(MemoryStorage storage, string images, string labels, SyntheticDigits digits)
    {
        using Stream imageFile = storage.Create(images);
        imageFile.Write([0, 0, 8, 3, 0, 0, (byte)(digits.Count >> 8), (byte)digits.Count, 0, 0, 0, Side, 0, 0, 0, Side]);
        using Stream labelFile = storage.Create(labels);
        labelFile.Write([0, 0, 8, 1, 0, 0, (byte)(digits.Count >> 8), (byte)digits.Count]);
        var features = new float[digits.Inputs];
        for (int sample = 0; sample < digits.Count; sample++)
        {
            labelFile.WriteByte((byte)digits.Read(sample, features));
            for (int pixel = 0; pixel < Inputs; pixel++)
            {
                imageFile.WriteByte((byte)(255 * Mean(features, pixel / Side * Factor, pixel % Side * Factor)));
            }
        }
    }

    private static float Mean(float[] features, int top, int left)
    {
        float sum = 0;
        for (int i = 0; i < Factor * Factor; i++)
        {
            sum += features[((top + (i / Factor)) * Side * Factor) + left + (i % Factor)];
        }

        return sum / (Factor * Factor);
    }
}
