using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FeatureAlignment.Device.Tests.Uplink;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Devices;

/// <summary>A simulated board that watches sensors, and what a call shows of it.</summary>
[TestFixture]
internal sealed class DeviceWatchingTests
{
    private DeviceCall device = null!;

    [SetUp]
    public void SetUp() => device = new DeviceCall();

    [TearDown]
    public void TearDown() => device.Dispose();

    [Test]
    public async Task Device_SensorsWithAStep_ShowsTheAlarmBesideTheTruth()
    {
        string settings = device.Write("settings.txt", "Anomaly.LearnFor: 18h\n");
        string faults = device.Write("faults.txt", "step 20h 21h vibration_x 60\n");
        await device.SucceedAsync($"--hours 21 --settings {settings} --faults {faults}");

        JsonNode alarm = device.Result["alarms"]!.AsArray().First(one => (string)one!["truth"]! != "")!;
        Assert.That((string?)alarm["truth"], Is.EqualTo("vibration_x: step"));
        Assert.That((string?)alarm["text"], Does.EndWith("most in vibration_x."));
        Assert.That((double)alarm["startHours"]!, Is.InRange(20, 20.5));
        Assert.That(device.Simulator.Output, Does.Contain("Truth: vibration_x: step."));
    }

    [Test]
    public async Task Device_Screen_IsDrawnToItsFile()
    {
        await device.SucceedAsync($"--hours 1 --screen {device.Simulator.In("screen.png")}");

        using FileStream picture = File.OpenRead(device.Simulator.In("screen.png"));
        GrayImage image = PngReader.Read(picture, 240, 240).Image;
        Assert.That(image.Pixels.Distinct().Count(), Is.GreaterThan(4), "drawn, not blank");
    }

    [Test]
    public async Task Device_UplinkFile_HasEveryBatchOnALine()
    {
        await device.SucceedAsync("--hours 2 --uplink file");

        JsonNode[] lines = [.. File.ReadLines(device.Simulator.In("board", "telemetry.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.That(lines, Has.Length.EqualTo((int)device.Result["batchesSent"]!).And.Length.GreaterThan(50));
        Assert.That(lines.Select(line => (int)line["sequence"]!), Is.Unique);
        Assert.That((string?)lines[0]["device"], Is.EqualTo("simulated"));
        Assert.That((int)lines[0]["batch"]!["schema"]!, Is.EqualTo(1));
    }

    [Test]
    public async Task Device_UplinkUrl_DeliversEveryBatchOnceInOrder()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(200, """{"accepted":1,"quarantined":0,"commands":[]}"""));
        await device.SucceedAsync($"--hours 1 --uplink {door.Address} --id machine-7");

        Assert.That(door.Requests, Has.Count.EqualTo((int)device.Result["batchesSent"]!).And.Count.GreaterThan(30));
        Assert.That(door.Requests.Select(request => request.Path), Is.All.EqualTo("/api/telemetry/machine-7/batches"));
        Assert.That(door.Requests.Select(request => int.Parse(request.Headers["X-Seq"]!)), Is.Unique);
    }

    [Test]
    public async Task Device_UplinkUrlThatRefuses_LivesOnAndCountsIt()
    {
        using BatchDoor door = BatchDoor.Open(BatchDoor.Answers(503));
        await device.SucceedAsync($"--hours 1 --uplink {door.Address}");

        Assert.That((int)device.Result["uplinkFailures"]!, Is.EqualTo(door.Requests.Count).And.GreaterThan(2));
        Assert.That((int)device.Result["batchesSent"]!, Is.Zero);
        Assert.That(device.Simulator.Output, Does.Contain("requests failed"));
    }

    [Test]
    public async Task Device_Resumed_GoesOnInTimeWithTheSameMachine()
    {
        await device.SucceedAsync("--hours 2 --seed 7");
        await device.SucceedAsync("--hours 3");
        Assert.That((double)device.Result["lifeHours"]!, Is.EqualTo(5).Within(0.01));
        Assert.That((int)device.Result["seed"]!, Is.EqualTo(7));

        Assert.That(await device.RunAsync("--seed 8"), Is.EqualTo(ExitCode.Usage));
        Assert.That(device.Simulator.Error, Does.Contain("--seed can't change when a device goes on: it has 7, the call 8"));
    }

    [Test]
    public async Task Device_Stopped_SavesAndSaysHowToGoOn()
    {
        string call = $"device --hours 2000 --speed 1000000 --folder {device.Simulator.In("board")}";
        Assert.That(await device.Simulator.RunAndStopAsync(call, looksAtClock: 5_000), Is.EqualTo(ExitCode.Interrupted));
        Assert.That(
            device.Simulator.Output, Does.Contain("It goes on with:  simulator device --source sensors --board f7feather --folder"));
        Assert.That(Directory.GetFiles(device.Simulator.In("board", "flash"), "model*-checkpoint.*"), Is.Not.Empty);
    }

    [Test]
    public async Task Device_Table_ReadsARowAPeriodAndEndsWithIt()
    {
        string rows = string.Concat(
            Enumerable.Range(0, 720).Select(i => FormattableString.Invariant($"{20 + Math.Sin(i / 20.0):0.000},{i % 7}\n")));
        string settings = device.Write("settings.txt", "Replay.PerWindow: 2\n");
        await device.SucceedAsync($"--source {device.Write("readings.csv", "temperature,load\n" + rows)} --settings {settings}");

        Assert.That((double)device.Result["simulatedHours"]!, Is.EqualTo(2).Within(0.01), "720 rows, 10 s each");
        Assert.That((long)device.Result["samples"]!, Is.InRange(340, 360), "a window every 6 rows, and two of the kept ones with each");
    }

    [TestCase("temperature,load\n20,1\n,2\n", "line 3, column temperature: a value expected; it is missing.")]
    [TestCase("temperature,load\n20,NaN\n", "line 2, column load: a finite number")]
    [TestCase("Temperature,load\n20,1\n", "names of sensors must be of a-z, 0-9 and _")]
    [TestCase("temperature,load\n", "at least 1 row of readings expected")]
    public async Task Device_BadTable_IsRefusedWithItsPlace(string table, string expected)
    {
        Assert.That(await device.RunAsync($"--source {device.Write("readings.csv", table)}"), Is.EqualTo(ExitCode.Failure));
        Assert.That(device.Simulator.Error, Does.Contain(expected));
        Assert.That(Directory.Exists(device.Simulator.In("board")), Is.False, "nothing is left of a refused call");
    }

    [Test]
    public async Task Device_BadSettings_AreRefusedByNameAllAtOnce()
    {
        string settings = device.Write("settings.txt", "Anomaly.LearnForr: 1d\nSensors.Window: 0\nrubbish\n");

        Assert.That(await device.RunAsync($"--settings {settings}"), Is.EqualTo(ExitCode.Usage));
        Assert.That(device.Simulator.Error, Does.Contain("Line 3 must be 'Key: value'; was 'rubbish'."));
        Assert.That(device.Simulator.Error, Does.Contain("did you mean Anomaly.LearnFor?").And.Contain("Sensors.Window must be 1 to 1024"));
    }

    [TestCase("no-network 2d\n", "Line 1 must be 'power-cut 36h'")]
    [TestCase("power-cut 2h\n\nstep 2h 3h vibration_q 3\n", "Line 3 must be 'bearing-wear 8d'")]
    public async Task Device_BadFaultsLine_IsRefusedWithItsNumber(string faults, string expected)
    {
        Assert.That(await device.RunAsync($"--faults {device.Write("faults.txt", faults)}"), Is.EqualTo(ExitCode.Usage));
        Assert.That(device.Simulator.Error, Does.Contain(expected));
    }

    [TestCase("--source mnist", "The settings have Source sensors: --source mnist needs Source files")]
    [TestCase("", "The settings have Storage.UseCard, and f7feather has no card; choose --board corecompute.")]
    public async Task Device_SettingsAgainstTheCall_AreRefused(string options, string expected)
    {
        string settings = device.Write("settings.txt", "Source: sensors\nStorage.UseCard: true\nGoal: anomaly\nTraining.Labels: none\n");
        Assert.That(await device.RunAsync($"{options} --settings {settings}"), Is.EqualTo(ExitCode.Usage));
        Assert.That(device.Simulator.Error, Does.Contain(expected));
    }
}
