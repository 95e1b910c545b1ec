using System;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Tests.Runs;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Devices;

/// <summary>What a simulated board learns from images is what the desktop learns, in the memory it has.</summary>
[TestFixture]
internal sealed class DeviceLearningTests
{
    private const int Samples = 2_000;
    private const string TrainAlike = "train --dataset mnist --data DATA --preset board --learning-rate 0.02 --out RUN";
    private const string FromImages = "--source mnist --data DATA";

    private DeviceCall device = null!;

    [SetUp]
    public void SetUp() => device = new DeviceCall();

    [TearDown]
    public void TearDown() => device.Dispose();

    [Test]
    public async Task Device_SettingsOfTrain_EndsWithTheWeightsOfTrain([Values("scalar", "auto")] string kernels)
    {
        await device.SucceedAsync($"{FromImages} --memory 3MB --kernels {kernels}");
        await device.CallAsync($"{TrainAlike} --layers 256,128 --kernels {kernels}");

        Assert.That(device.Digest, Is.EqualTo(device.Simulator.Digest()));
        Assert.That((string?)device.Result["end"], Is.EqualTo("finished"));
        Assert.That((string?)device.Result["placement"], Is.EqualTo("Resident"));
        Assert.That((long)device.Result["peakMemoryBytes"]!, Is.InRange((long)device.Result["plannedBytes"]!, 3 << 20));
    }

    [Test]
    public async Task Device_LayersAboveTheMemory_KeepsOneInMemoryAndTheOtherInStorage()
    {
        DigitFiles.Write(device.Simulator.In("data"), Samples);
        string settings = device.Write("settings.txt", "Network.Layers: 1024,512\n");
        await device.SucceedAsync($"{FromImages} --memory 4.5MB --kernels auto --settings {settings}");
        await device.CallAsync($"{TrainAlike} --layers 1024,512 --schedule layerwise");

        Assert.That((string?)device.Result["placement"], Is.EqualTo("Paged"));
        Assert.That(device.Digest, Is.EqualTo(device.Simulator.Digest()));
        Assert.That(
            (long)device.Result["peakMemoryBytes"]!, Is.InRange(4 * 1024 * 794, 4.5 * (1 << 20)), "W of the first layer and the ceiling");
    }

    [Test]
    public async Task Device_LayerAboveTheMemoryWithACard_LearnsByBlocksOfRowsAndWritesWhatThePlanSaid()
    {
        DigitFiles.Write(device.Simulator.In("data"), Samples);
        string settings = device.Write(
            "settings.txt",
            "Network.Layers: 1024,512\nTraining.InitialWeights: he\nTraining.Batch: 64\nStorage.UseCard: true\nStorage.RowWear: 4GB\n");
        await device.SucceedAsync($"{FromImages} --board corecompute --memory 1MB --kernels auto --settings {settings}");
        int batch = (int)device.Result["batch"]!;
        await device.CallAsync($"{TrainAlike} --layers 1024,512 --schedule layerwise --initial-weights he --batch {batch}");

        Assert.That((string?)device.Result["placement"], Is.EqualTo("RowStreamed"));
        Assert.That(device.Digest, Is.EqualTo(device.Simulator.Digest()));
        Assert.That((long)device.Result["peakMemoryBytes"]!, Is.LessThanOrEqualTo(1 << 20));

        // Each layer once when it starts, and once a batch: rows of the inputs and ten classes.
        int batches = (Samples + batch - 1) / batch;
        long expected = (1L + batches) * sizeof(float) * ((1024 * 794) + (512 * 1034));
        Assert.That((long)device.Result["cardRowBytes"]!, Is.EqualTo(expected).And.EqualTo((long)device.Result["plannedWrittenBytes"]!));
    }

    [Test]
    public async Task Device_LayersWithoutCard_RefusesToWearTheFlash()
    {
        string settings = device.Write("settings.txt", "Network.Layers: 1024,512\nTraining.InitialWeights: he\n");

        Assert.That(await device.RunAsync($"{FromImages} --memory 1MB --settings {settings}"), Is.EqualTo(1));
        Assert.That(device.Simulator.Error, Does.Contain("All layers in memory need").And.Contain("a card does (Storage.UseCard: true)"));
    }

    [Test]
    public async Task Device_PowerCutsAndAStop_EndsWithTheSameWeights()
    {
        string settings = device.Write("settings.txt", "Network.Layers: 64,32\nTraining.Epochs: 8\nStorage.CheckpointPeriod: 2s\n");
        string faults = device.Write("faults.txt", "power-cut 15s\npower-cut 60s  # half a minute without power lies between\n");
        await device.SucceedAsync($"{FromImages} --settings {settings} --faults {faults} --hours 0.0265");
        Assert.That((int)device.Result["powerCuts"]!, Is.EqualTo(2));
        Assert.That((string?)device.Result["end"], Is.EqualTo("time"), "stopped in the middle");

        await device.SucceedAsync(FromImages);
        Assert.That(device.Simulator.Output, Does.Contain("The device goes on").And.Contain("Resumed:"));
        string digest = device.Digest;

        await device.SucceedAsync($"{FromImages} --settings {settings}", folder: "uninterrupted");
        Assert.That(digest, Is.EqualTo(device.Digest));
    }

    [Test]
    public async Task Device_MoreThanTheCeiling_IsEnded()
    {
        string settings = device.Write("settings.txt", "Memory.Budget: 3MB\n");

        Assert.That(await device.RunAsync($"{FromImages} --memory 700KB --settings {settings}"), Is.EqualTo(1));
        Assert.That(device.Simulator.Error, Does.Contain("may hold 716,800 bytes of memory; it holds"));
    }

    [Test]
    public async Task Device_Mnist_OnePassReachesTheBar()
    {
        string? folder = Environment.GetEnvironmentVariable("MNIST_DIR");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Ignore("The environment variable MNIST_DIR is not set; it names the folder with the four MNIST .gz files.");
        }

        await device.SucceedAsync($"--source mnist --data {folder} --memory 3MB --kernels auto");

        Assert.That((double)device.Result["testAccuracy"]!, Is.GreaterThanOrEqualTo(0.965));
        Assert.That((long)device.Result["peakMemoryBytes"]!, Is.LessThanOrEqualTo(3 << 20));
    }
}
