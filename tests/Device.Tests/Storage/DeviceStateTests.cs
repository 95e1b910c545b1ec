using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Simulation.Storage;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Storage;

[TestFixture]
public sealed class DeviceStateTests
{
    [Test]
    public void Start_CountsItselfAndItsReason()
    {
        SimulatedFlash flash = NewFlash();
        DeviceState.Start(flash, "power");
        DeviceState.Start(flash, "watchdog");
        DeviceState third = DeviceState.Start(flash, "power");
        Assert.That(third.Boot, Is.EqualTo(3));
        Assert.That(third.Restarts, Is.EquivalentTo(new Dictionary<string, int> { ["power"] = 2, ["watchdog"] = 1 }));
        Assert.That(third.Rejected, Is.Empty);
        Assert.That(flash.ListNames(), Has.Count.EqualTo(2));
    }

    [Test]
    public void State_IsKeptOverARestart()
    {
        SimulatedFlash flash = NewFlash();
        DeviceState first = DeviceState.Start(flash, "power");
        Assert.That(first.IsFirstStartCompleted, Is.False);
        first.CompleteFirstStart();
        first.Remember("c-1");
        var wear = new WearTotals(1000, 10, TimeSpan.FromHours(3));
        first.KeepWear(TimeSpan.FromMinutes(59), default);
        first.KeepWear(TimeSpan.FromMinutes(60), wear);
        first.KeepWear(TimeSpan.FromMinutes(61), new WearTotals(2000, 20, TimeSpan.FromHours(4)));
        DeviceState second = DeviceState.Start(flash, "power");
        Assert.That(second.IsFirstStartCompleted, Is.True);
        Assert.That(second.Remembers("c-1"), Is.True);
        Assert.That(second.Remembers("c-2"), Is.False);
        Assert.That(second.Wear, Is.EqualTo(wear));
    }

    [Test]
    public void Commands_BeyondTheMost_AreForgottenOldestFirst()
    {
        DeviceState state = DeviceState.Start(NewFlash(), "power");
        for (int i = 0; i <= DeviceState.MostCommands; i++)
        {
            state.Remember($"c-{i}");
            state.Remember($"c-{i}");
        }

        Assert.That(state.Remembers("c-0"), Is.False);
        Assert.That(state.Remembers("c-1"), Is.True);
        Assert.That(state.Remembers($"c-{DeviceState.MostCommands}"), Is.True);
    }

    [Test]
    public void Boot_NewestFileDamaged_IsStillNew([Values] bool again)
    {
        SimulatedFlash flash = NewFlash();
        DeviceState.Start(flash, "power");
        int boot = DeviceState.Start(flash, "power").Boot;
        flash.FlipBit(Newest(flash), 300);
        if (again)
        {
            // The file before the newest is now two starts older than it.
            DeviceState second = DeviceState.Start(flash, "power");
            Assert.That(second.Boot, Is.GreaterThan(boot));
            boot = second.Boot;
            flash.Truncate(Newest(flash), 20);
        }

        DeviceState third = DeviceState.Start(flash, "power");
        Assert.That(third.Boot, Is.GreaterThan(boot));
        Assert.That(third.Rejected, Has.Count.EqualTo(1));
        Assert.That(third.Rejected[0], Does.Contain("damaged").Or.Contain("cut off"));
    }

    [Test]
    public void Boot_AllFilesDamaged_IsStillNew()
    {
        SimulatedFlash flash = NewFlash();
        DeviceState first = DeviceState.Start(flash, "power");
        first.Remember("c-1");
        foreach (string name in flash.ListNames())
        {
            flash.Truncate(name, 3);
        }

        DeviceState next = DeviceState.Start(flash, "power");
        Assert.That(next.Boot, Is.GreaterThan(first.Boot));
        Assert.That(next.Remembers("c-1"), Is.False);
        Assert.That(next.Rejected, Has.Count.EqualTo(2));
    }

    [Test]
    public void EveryFlippedBit_IsRecognised()
    {
        SimulatedFlash flash = NewFlash();
        DeviceState.Start(flash, "power").Remember("c-1");
        string newest = Newest(flash);
        long bits;
        using (Stream file = flash.OpenRead(newest))
        {
            bits = file.Length * 8;
        }

        for (long bit = 0; bit < bits; bit++)
        {
            flash.FlipBit(newest, bit);
            var files = new StateFiles(flash);
            files.TryRead(reader => reader.ReadInt("boot"));
            Assert.That(files.Rejected, Is.Not.Empty, $"bit {bit}");
            flash.FlipBit(newest, bit);
        }
    }

    [Test]
    public void Start_FullStorage_ThrowsAndKeepsTheState()
    {
        SimulatedFlash flash = NewFlash();
        DeviceState.Start(flash, "power").Remember("c-1");
        flash.Fails = operation => operation.Kind == FlashOperationKind.Write;
        Assert.That(() => DeviceState.Start(flash, "power"), Throws.TypeOf<IOException>());
        flash.Fails = null;
        Assert.That(DeviceState.Start(flash, "power").Remembers("c-1"), Is.True);
    }

    [Test]
    public void Delete_Failing_IsReportedAndTriedAgain()
    {
        SimulatedFlash flash = NewFlash();
        DeviceState state = DeviceState.Start(flash, "power");
        flash.Fails = operation => operation.Kind == FlashOperationKind.Delete;
        state.Save();
        state.Save();
        Assert.That(state.Undeleted, Has.Count.EqualTo(1));
        flash.Fails = null;
        state.Save();
        Assert.That(state.Undeleted, Is.Empty);
        Assert.That(flash.ListNames(), Has.Count.EqualTo(2));
    }

    private static SimulatedFlash NewFlash() => new(FlashProperties.OnBoardFlash);

    private static string Newest(SimulatedFlash flash) => flash.ListNames().Max(StringComparer.Ordinal)!;
}
