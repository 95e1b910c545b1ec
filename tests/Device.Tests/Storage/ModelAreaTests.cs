using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Simulation.Storage;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Storage;

[TestFixture]
public sealed class ModelAreaTests
{
    private MemoryStorage storage = null!;

    [SetUp]
    public void Start() => storage = new MemoryStorage();

    [Test]
    public void Run_TheSame_KeepsItsModel()
    {
        new ModelArea(storage, State(), "one").OpenCheckpoints();
        Assert.That(ModelOf("one"), Is.Zero);
        Assert.That(ModelOf("one"), Is.Zero);
    }

    [Test]
    public void Run_OfAnotherName_GetsANewModel_AndSoDoesTheFirstWhenItComesBack()
    {
        Assert.That(ModelOf("one"), Is.Zero);
        Assert.That(ModelOf("two"), Is.EqualTo(1));
        Assert.That(ModelOf("one"), Is.EqualTo(2));
    }

    [Test]
    public void BeginAnew_CountsUp_AndDeleteForgottenLeavesTheRest()
    {
        Write("model0-layer-0.000001.lfa", "model0-commit.000001.lfa", "train-images-idx3-ubyte", "state-state.000009.lfa", "models",
            "model-x");
        DeviceState state = State();
        var area = new ModelArea(storage, state, "one");
        area.DeleteForgotten();
        Assert.That(storage.ListNames().Count(name => name.StartsWith("model0-", System.StringComparison.Ordinal)), Is.EqualTo(2));
        area.BeginAnew();
        Assert.That(state.ModelNumber, Is.EqualTo(1));
        area.DeleteForgotten();
        Assert.That(
            storage.ListNames().Where(name => !name.StartsWith("state-state", System.StringComparison.Ordinal)),
            Is.EqualTo(new[] { "model-x", "models", "train-images-idx3-ubyte" }));
    }

    [Test]
    public void State_Lost_TakesTheNewestModelThatHasFiles()
    {
        Write("model3-layer-0.000001.lfa", "model12-layer-0.000001.lfa");
        Assert.That(ModelOf("one"), Is.EqualTo(12));
    }

    [Test]
    public void BeginAnew_StorageFails_KeepsTheModel()
    {
        var flash = new SimulatedFlash(FlashProperties.OnBoardFlash, storage);
        DeviceState state = DeviceState.Start(new StorageArea(flash, "state"), "power");
        var area = new ModelArea(flash, state, "one");
        flash.Fails = _ => true;
        Assert.That(area.BeginAnew, Throws.InstanceOf<IOException>());
        Assert.That(state.ModelNumber, Is.Zero);
    }

    private int ModelOf(string run)
    {
        DeviceState state = State();
        _ = new ModelArea(storage, state, run);
        return state.ModelNumber;
    }

    private DeviceState State() => DeviceState.Start(new StorageArea(storage, "state"), "power");

    private void Write(params IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            storage.Create(name).Dispose();
        }
    }
}
