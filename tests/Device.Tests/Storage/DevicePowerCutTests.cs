using System;
using System.Collections.Generic;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Storage;

/// <summary>Power cuts before and after each operation of a run with state, spool and checkpoints; a model says what must remain.</summary>
[TestFixture]
public sealed class DevicePowerCutTests
{
    [Test]
    public void PowerCut_AtEveryOperation_WithEveryLoss_KeepsWhatWasPromised()
    {
        int operations = (int)RunUntil(long.MaxValue).Flash.Operations;
        Assert.That(operations, Is.GreaterThan(80));
        int outcomes = 0;
        for (int operation = 0; operation <= operations; operation++)
        {
            (SimulatedFlash flash, DeviceStorageModel model) = RunUntil(operation);
            foreach (PowerLoss loss in Losses(flash))
            {
                SimulatedFlash restarted = flash.CopyAfter(loss);
                DeviceStorageModel after = model.AfterPowerCut();
                try
                {
                    after.Start(restarted);
                    after.Add(TelemetryPriority.High, 30);
                    after.WriteCheckpoint();
                    after.DeliverAll();
                    after.Start(restarted);
                }
                catch (Exception e) when (e is not ResultStateException)
                {
                    Assert.Fail($"After operation {operation} and {loss}: {e}");
                }

                outcomes++;
            }
        }

        TestContext.Out.WriteLine($"{operations} operations, {outcomes} outcomes");
    }

    [Test]
    public void PowerCut_AgainAtEveryOperationOfTheRecovery_KeepsWhatWasPromised([Values] bool everythingIsLost)
    {
        PowerLoss loss = everythingIsLost ? PowerLoss.Everything : new PowerLoss(ulong.MaxValue, 20, TornTail.Zeros);
        int operations = (int)RunUntil(long.MaxValue).Flash.Operations;
        for (int operation = 0; operation <= operations; operation++)
        {
            (SimulatedFlash flash, DeviceStorageModel model) = RunUntil(operation);
            for (int second = 0; second < 25; second++)
            {
                SimulatedFlash restarted = flash.CopyAfter(loss);
                DeviceStorageModel after = model.AfterPowerCut();
                restarted.PowerCutAfter = second;
                Assert.That(
                    () =>
                    {
                        after.Start(restarted);
                        Run(after);
                    },
                    Throws.TypeOf<PowerCutException>(), $"{operation}, {second}");
                after.AfterPowerCut().Start(restarted.CopyAfter(loss));
            }
        }
    }

    private static (SimulatedFlash Flash, DeviceStorageModel Model) RunUntil(long operations)
    {
        var flash = new SimulatedFlash(FlashProperties.OnBoardFlash) { PowerCutAfter = operations };
        var model = new DeviceStorageModel();
        try
        {
            model.Start(flash);
            Run(model);
            Run(model);
        }
        catch (PowerCutException)
        {
            Assert.That(flash.HasPower, Is.False);
        }

        return (flash, model);
    }

    // Small records that share a block and large ones that do not, more of them than the spool holds.
    private static void Run(DeviceStorageModel model)
    {
        model.Add(TelemetryPriority.Normal, 40);
        model.Add(TelemetryPriority.High, 30);
        model.WriteCheckpoint();
        model.Add(TelemetryPriority.High, 20);
        model.Remember($"c-{model.State.Boot}");
        for (int i = 0; i < 4; i++)
        {
            model.Add(TelemetryPriority.Low, 4000);
        }

        model.Add(TelemetryPriority.Normal, 5000);
        model.Flush();
        model.WriteCheckpoint();
        model.Deliver();
        model.Deliver();
        model.Deliver();
        model.State.KeepWear(TimeSpan.FromHours(2), default);
        model.Add(TelemetryPriority.Low, 3000);
        model.Flush();
    }

    // Every combination of lost changes, up to six; every length of a torn file of up to 400 bytes, of longer ones sixteen.
    private static IEnumerable<PowerLoss> Losses(SimulatedFlash flash)
    {
        int changes = Math.Min(flash.UnflushedChanges, 6);
        for (ulong surviving = 0; surviving < 1ul << changes; surviving++)
        {
            yield return new PowerLoss(surviving | ulong.MaxValue << changes, 0, TornTail.Missing);
            yield return new PowerLoss(surviving, flash.UnflushedBytes, TornTail.Zeros);
        }

        int step = flash.UnflushedBytes <= 400 ? 1 : flash.UnflushedBytes / 16;
        for (int bytes = 0; bytes <= flash.UnflushedBytes; bytes += step)
        {
            yield return new PowerLoss(ulong.MaxValue, bytes, TornTail.Missing);
            yield return new PowerLoss(ulong.MaxValue, bytes, TornTail.Zeros);
        }
    }
}
