using System;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Devices;
using FeatureAlignment.Simulator.Tests.Commands;
using FeatureAlignment.Simulator.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Devices;

[TestFixture]
internal sealed class DeviceCommandTests
{
    private CommandLine line = null!;

    [SetUp]
    public void SetUp() => line = new CommandLine();

    [TearDown]
    public void TearDown() => line.Dispose();

    [Test]
    public async Task Device_NoOptions_WatchesSensorsAsFastAsItCan()
    {
        Assert.That(await line.RunAsync("device"), Is.EqualTo(ExitCode.Success));

        DeviceRequest request = (DeviceRequest)line.Requested!;
        Assert.That((request.Source, request.Board.Name), Is.EqualTo(("sensors", "f7feather")));
        Assert.That((request.Speed, request.Duration), Is.EqualTo(((double?)null, (TimeSpan?)null)));
        Assert.That((request.Uplink, request.Faults, request.Kernels), Is.EqualTo(("none", (string?)null, KernelForm.Scalar)));
        Assert.That(request.Folder.Path, Does.EndWith("0001-device-sensors"));
    }

    [Test]
    public async Task Device_AllOptions_AreTaken()
    {
        Assert.That(
            await line.RunAsync(
                "device --board corecompute --memory 3MB --hours 1.5 --speed 60 --source mnist --data D --limit 5 --faults power-cuts "
                + "--uplink http://localhost:5080 --key k --id machine-1 --seed 3 --kernels auto --folder F"),
            Is.EqualTo(ExitCode.Success),
            () => line.Error);

        DeviceRequest request = (DeviceRequest)line.Requested!;
        Assert.That((request.Board.Name, request.MemoryBytes), Is.EqualTo(("corecompute", (long?)(3 << 20))));
        Assert.That(request.Duration, Is.EqualTo(TimeSpan.FromHours(1.5)));
        Assert.That((request.Speed, request.Source, request.Data, request.Limit), Is.EqualTo(((double?)60, "mnist", "D", (int?)5)));
        Assert.That((request.Faults, request.Uplink, request.Key), Is.EqualTo(("power-cuts", "http://localhost:5080", "k")));
        Assert.That((request.DeviceId, request.Seed), Is.EqualTo(("machine-1", (ulong?)3)));
        Assert.That((request.Kernels, request.Folder.Path), Is.EqualTo((KernelForm.Auto, "F")));
    }

    [TestCase("--board f7feater", "Board must be one of f7feather, corecompute; was 'f7feater'. Did you mean 'f7feather'?")]
    [TestCase("--memory 3", "Memory must be at least 64 KB; was 3 B. A bare number counts bytes: write 3MB for megabytes.")]
    [TestCase("--memory 63.9KB", "Memory must be at least 64 KB; was 63.9 KB.")]
    [TestCase("--speed 0", "Speed must be a number above 0, or max; was '0'.")]
    [TestCase("--hours -1", "Hours must be above 0")]
    [TestCase("--source minst", "Source must be one of mnist, fashion-mnist, sensors, or a .csv file; was 'minst'. Did you mean 'mnist'?")]
    [TestCase("--faults power-cutz", "or a file; was 'power-cutz'. Did you mean 'power-cuts'?")]
    [TestCase("--uplink ftp://x", "Uplink must be none, file, or an address")]
    [TestCase("--id a/b", "Id must be 1 to 64 of letters")]
    [TestCase("--data D", "Option --data has no effect without --source mnist or fashion-mnist")]
    [TestCase("--screen picture.jpg", "Option --screen must name a .png file")]
    public async Task Device_BadOption_IsRefused(string options, string expected)
    {
        Assert.That(await line.RunAsync("device " + options), Is.EqualTo(ExitCode.Usage));
        Assert.That(line.Error, Does.Contain(expected));
        Assert.That(line.Requested, Is.Null);
    }
}
