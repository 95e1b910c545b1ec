using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Simulation.Storage;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Storage;

[TestFixture]
public sealed class DeviceModelsTests
{
    [Test]
    public void Next_EmptyDevice_IsTakenUpAtItsFirstStart()
    {
        var flash = new MemoryStorage();
        Write(DeviceModels.Next(flash, flash), "layer-0.000001.lfa");

        var area = new ModelArea(flash, DeviceState.Start(new StorageArea(flash, "state"), "power"), "run-1");

        Assert.That(area.OpenCheckpoints(), Is.Not.Null);
        Assert.That(DeviceModels.Current(flash, flash).ListNames(), Is.EqualTo(new[] { "layer-0.000001.lfa" }));
        area.DeleteForgotten();
        Assert.That(DeviceModels.Current(flash, flash).ListNames(), Has.Count.EqualTo(1), "it is the model now, not a forgotten one");
    }

    [Test]
    public void Next_DeviceThatForgotModels_IsAboveThemAll()
    {
        var flash = new MemoryStorage();
        DeviceState state = DeviceState.Start(new StorageArea(flash, "state"), "power");
        state.TakeModel("run-1", 4);
        Write(DeviceModels.Current(flash, flash), "old.lfa");
        Write(DeviceModels.Next(flash, flash), "new.lfa");

        Assert.That(flash.ListNames(), Has.Member("model4-old.lfa").And.Member("model5-new.lfa"));
        var area = new ModelArea(flash, DeviceState.Start(new StorageArea(flash, "state"), "power"), "run-1");
        area.DeleteForgotten();
        Assert.That(flash.ListNames(), Has.Member("model5-new.lfa").And.No.Member("model4-old.lfa"));
    }

    [Test]
    public void Current_LooksWithoutCountingAStart()
    {
        var flash = new MemoryStorage();
        int boot = DeviceState.Start(new StorageArea(flash, "state"), "power").Boot;
        DeviceModels.Current(flash, flash);

        Assert.That(DeviceState.Start(new StorageArea(flash, "state"), "power").Boot, Is.EqualTo(boot + 1));
    }

    private static void Write(IStorage storage, string name)
    {
        using Stream stream = storage.Create(name);
        stream.WriteByte(1);
    }
}
