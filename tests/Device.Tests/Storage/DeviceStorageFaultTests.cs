using System;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Storage;

/// <summary>Lives on a storage that fails, is full, or holds damaged files.</summary>
[TestFixture]
public sealed class DeviceStorageFaultTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void Writes_ThatFail_AreTriedAgainWithLongerWaits_AndNothingIsLost()
    {
        // Beyond the learning phase not every window is learned.
        using var life = new TestLife(TestLife.Watching(Hour, ("Anomaly.LearnFor", "1d")));
        int saves = 0, flushes = 0;
        life.At(10, () => life.Device.Flash.Fails = operation =>
            {
                saves += operation.Kind == FlashOperationKind.Create && operation.Name.StartsWith("model", StringComparison.Ordinal) ? 1
                    : 0;
                flushes += operation.Kind == FlashOperationKind.Create && operation.Name.StartsWith("spool", StringComparison.Ordinal) ? 1
                    : 0;
                return operation.Kind != FlashOperationKind.Read;
            })
            .At(40, () => life.Device.Flash.Fails = null).Run();
        Assert.That(life.Logs.Select(log => log.Text), Has.Some.Contains("Could not write a checkpoint")
            .And.Some.Contains("spool could not be written"));

        // 10, 20, 40, 80, 160 s after one another, then every 5 minutes; the spool, which takes little, more often.
        Assert.That(saves, Is.InRange(8, 11));
        Assert.That(flushes, Is.InRange(20, 180));
        Assert.That(life.Of(EventKinds.CheckpointWritten).Count(one => Minute(life, one) > 40), Is.GreaterThan(5));
        Assert.That(life.Device.Starts, Is.EqualTo(1));
        Assert.That(life.Points.Count(point => point.Name == MetricNames.Uptime), Is.EqualTo(59).Within(1), "no report is lost");
        Assert.That(life.Points[^1].Step, Is.EqualTo(1.5 * 3600).Within(100), "it learned all the time");
    }

    [Test]
    public void Stop_DuringTheWaitAfterAFailure_SavesNonetheless()
    {
        SimulatedDeviceOptions options = TestLife.Watching(TimeSpan.FromMinutes(12));
        using var life = new TestLife(options);
        life.At(10, () => life.Device.Flash.Fails = operation => operation.Kind == FlashOperationKind.Create)
            .At(11.9, () => life.Device.Flash.Fails = null).Run();
        using TestLife next = new TestLife(options with { FlashMedium = life.Device.Flash }).Run();
        double step = double.Parse(next.Text(EventKinds.Resumed).Split("Resumed: ")[1].Split(' ')[0],
            System.Globalization.NumberStyles.AllowThousands, null);
        Assert.That(step, Is.EqualTo(1.5 * 720).Within(30));
    }

    [Test]
    public void Reads_ThatFail_StopTheTrainingForAWhile_AndNothingIsLost()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 4, ("Storage.CheckpointPeriod", "1h"));
        using TestLife well = new TestLife(options).Run();
        foreach (int operation in new[] { 0, 5, 50, 100 })
        {
            using var life = new TestLife(OnFlash(options));
            int reads = 0;
            life.Device.Flash.Fails = one => one.Kind == FlashOperationKind.Read && one.Name == DigitFiles.TrainingImages
                && ++reads > operation && life.Device.World.Now < TimeSpan.FromMinutes(2);
            life.At(1, () => Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Fault))).Run();
            Assert.That(life.Device.Starts, Is.EqualTo(1));
            Assert.That(life.Text(EventKinds.RunFinished), Does.Contain("120 samples"));
            Assert.That(TestLife.LearnedDigest(life.Device.Flash, options), Is.EqualTo(TestLife.LearnedDigest(well.Device.Flash, options)),
                $"{operation}");
            if (operation > 5)
            {
                Assert.That(life.Of(EventKinds.Resumed).Select(one => one.Text), Has.Some.Not.Contains(" 0 samples"),
                    "what was learned was saved");
            }
        }
    }

    [Test]
    public void ReadsAndWrites_ThatFail_KeepTheTrainingInMemory()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 4, ("Storage.CheckpointPeriod", "1h"));
        using TestLife well = new TestLife(options).Run();
        using var life = new TestLife(OnFlash(options));
        int reads = 0;
        life.Device.Flash.Fails = one => (one.Name == DigitFiles.TrainingImages ? ++reads > 50 : reads > 50)
            && life.Device.World.Now < TimeSpan.FromMinutes(2);
        life.Run();
        Assert.That(life.Of(EventKinds.RunStarted).Count() + life.Of(EventKinds.Resumed).Count(), Is.EqualTo(1), "never taken up again");
        Assert.That(TestLife.LearnedDigest(life.Device.Flash, options), Is.EqualTo(TestLife.LearnedDigest(well.Device.Flash, options)));
    }

    [Test]
    public void TestFile_UnreadableForAWhile_CostsNoTraining_AndPicturesComeLater()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 4, ("Report.Images", "0s"));
        using TestLife well = new TestLife(options).Run();
        using var life = new TestLife(OnFlash(options));
        int reads = 0;
        bool isGone = false;
        life.Device.Flash.Fails = one => one.Kind == FlashOperationKind.Read && one.Name == DigitFiles.TestImages
            && (++reads is > 8 and < 12 || isGone);
        life.At(10, () => isGone = true).Command(10, "i", "send_reconstructions").At(12.5, () => isGone = false).Run();
        Assert.That(life.Text(EventKinds.RunFinished), Does.Contain("120 samples"));
        Assert.That(TestLife.LearnedDigest(life.Device.Flash, options), Is.EqualTo(TestLife.LearnedDigest(well.Device.Flash, options)));
        Assert.That(life.Device.Starts, Is.EqualTo(1));
        Assert.That(life.Logs.Select(log => log.Text), Has.Some.Contains("Could not reconstruct a sample"));
        Assert.That(life.Images, Has.Count.EqualTo(1));
    }

    [Test]
    public void Storage_Full_IsTold_AndCuredWithRoom()
    {
        using var life = new TestLife(TestLife.Watching(Hour / 2));
        System.IO.Stream filler = null!;
        life.At(5, () =>
            {
                // All but a few blocks; a working file goes when it is closed.
                filler = life.Device.Flash.OpenScratch("filler", life.Device.Flash.FreeBytes - (3 * 4096));
            })
            .At(15, () => filler.Dispose()).Run();
        Assert.That(life.Logs.Select(log => log.Text), Has.Some.Contains("No space left"));
        Assert.That(life.Of(EventKinds.CheckpointWritten).Count(one => Minute(life, one) is > 6 and < 15), Is.Zero);
        Assert.That(life.Of(EventKinds.CheckpointWritten).Count(one => Minute(life, one) > 15), Is.GreaterThan(2));
        Assert.That(life.Device.Starts, Is.EqualTo(1));
    }

    [Test]
    public void DataFile_Missing_IsAFaultThatGoesWhenTheFileComes()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 4);
        var data = (MemoryStorage)options.Data!;
        byte[] labels = DigitFiles.ReadAll(data, DigitFiles.TrainingLabels);
        data.Delete(DigitFiles.TrainingLabels);
        using var life = new TestLife(options);
        life.Command(2, "c", "checkpoint").At(3, () => Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Fault)))
            .At(4, () => DigitFiles.Replace(data, DigitFiles.TrainingLabels, labels)).Run();
        Assert.That(life.AnswerTo("c").Text, Does.Contain(DigitFiles.TrainingLabels), "why it is refused");
        Assert.That(life.Text(EventKinds.RunFinished), Does.Contain("120 samples"));
        Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Paused));
    }

    [Test]
    public void DataFile_Damaged_IsAFaultWithItsName()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 4);
        var data = (MemoryStorage)options.Data!;
        DigitFiles.Replace(data, DigitFiles.TrainingImages, DigitFiles.ReadAll(data, DigitFiles.TrainingImages)[..^100]);
        using TestLife life = new TestLife(options).Run();
        Assert.That(life.Device.Light, Is.EqualTo(IndicatorState.Fault));
        Assert.That(life.Logs.Where(log => log.Level == TelemetryLogLevel.Critical).Select(log => log.Text),
            Has.One.Contains(DigitFiles.TrainingImages));
        Assert.That(life.Of(EventKinds.RunStarted), Is.Empty);
    }

    [Test]
    public void Checkpoint_Damaged_IsReported_AndTheOneBeforeIsTaken()
    {
        SimulatedDeviceOptions options = TestLife.Watching(TimeSpan.FromMinutes(11));
        using TestLife first = new TestLife(options).Run();
        string newest = first.Device.Flash.ListNames().Last(name => name.StartsWith("model0-layer-0", StringComparison.Ordinal));
        first.Device.Flash.FlipBit(newest, 1000);
        using TestLife second = new TestLife(options with { FlashMedium = first.Device.Flash }).Run();
        Assert.That(second.Text(EventKinds.CheckpointRecovered), Does.Contain("layer-0"));
        Assert.That(second.Of(EventKinds.Resumed).Count(), Is.EqualTo(1));
    }

    [Test]
    public void Card_Wanted_ButNotThere_IsAFault_AndWhereThereIsOneItTakesTheModel()
    {
        SimulatedDeviceOptions options = TestLife.Learning(Hour / 12, ("Storage.UseCard", "true"));
        using TestLife without = new TestLife(options).Command(2, "r", "reset_model").Run();
        Assert.That(without.Device.Light, Is.EqualTo(IndicatorState.Fault));
        Assert.That(without.AnswerTo("r").Text, Does.Contain("card"));
        using TestLife with = new TestLife(options with { Model = BoardModel.CoreCompute }).Run();
        Assert.That(TestLife.LearnedDigest(with.Device.Card!, options), Is.Not.Null);
        Assert.That(with.Device.Flash.ListNames().Where(name => name.StartsWith("model", StringComparison.Ordinal)), Is.Empty);
        Assert.That(with.Text(EventKinds.CheckpointWritten), Does.Not.Contain("of 0 bytes"));
    }

    [Test]
    public void LargeLayer_OnSlowFlash_FeedsTheWatchdogWhileItIsWritten()
    {
        // 49 x 16,000 weights are 3 MB, 12.5 s of writing on this flash.
        SimulatedDeviceOptions options = TestLife.Learning(
            Hour / 12, ("Network.Layers", "16000"), ("Training.Epochs", "1"), ("Memory.Budget", "8MB"), ("Files.TestImages", ""),
                ("Storage.CheckpointPeriod", "1h"));
        using TestLife life = new TestLife(options).Run();
        Assert.That(life.Text(EventKinds.RunFinished), Does.Contain("60 samples"));
    }

    [Test]
    public void DailyWrites_Used_MakeCheckpointsWait_WhichIsTold()
    {
        using TestLife life = new TestLife(TestLife.Watching(2 * Hour, ("Storage.DailyWrites", "64KB"), ("Storage.CheckpointPeriod", "1m")))
            .Run();
        Assert.That(life.Logs.Select(log => log.Text), Has.Some.Contains("A checkpoint waits"));
        Assert.That(life.Of(EventKinds.CheckpointWritten).Count(), Is.LessThan(30));
    }

    // The data files on the flash itself, so that it can fail to read them.
    private static SimulatedDeviceOptions OnFlash(SimulatedDeviceOptions options)
    {
        var data = (MemoryStorage)options.Data!;
        var flash = new MemoryStorage();
        foreach (string name in data.ListNames())
        {
            DigitFiles.Replace(flash, name, DigitFiles.ReadAll(data, name));
        }

        return options with { Data = null, FlashMedium = flash };
    }

    private static double Minute(TestLife life, TelemetryEvent one) =>
        (one.TimeMilliseconds - life.Device.Options.StartMilliseconds) / 60_000.0;
}
