using System;
using System.IO;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation.Storage;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Storage;

/// <summary>
/// Random life of a device: telemetry, commands, checkpoints, deliveries; power cuts, full and failing storage. The model says what
/// must hold.
/// </summary>
[TestFixture]
public sealed class DeviceStorageRandomTests
{
    private const int Steps = 400;

    [Test]
    public void RandomLife_KeepsWhatWasPromised([Range(1, 40)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new RandomSource((ulong)seed);
        // Room for spool, state and checkpoints; a file of somebody else's takes it away at times.
        var flash = new SimulatedFlash(FlashProperties.OnBoardFlash with { CapacityBytes = 160 << 10 });
        var model = new DeviceStorageModel();
        model.Start(flash);
        int fillers = 0;
        for (int i = 0; i < Steps; i++)
        {
            try
            {
                switch (random.NextInt32(20))
                {
                    case 0:
                        flash.PowerCutAfter = flash.Operations + random.NextInt32(12);
                        break;
                    case 1:
                        // Reading, writing, naming: each fails now and then, until the next power cut.
                        uint share = random.NextUInt32() % 8;
                        flash.Fails = operation => operation.Kind != FlashOperationKind.Read && random.NextUInt32() % 16 < share;
                        break;
                    case 2:
                        flash.Fails = null;
                        break;
                    case 3:
                        Fill(flash, $"other-{fillers++}", 4096 * (1 + random.NextInt32(30)));
                        break;
                    case 4:
                        Clean(flash);
                        break;
                    default:
                        DoOne(model, random);
                        break;
                }
            }
            catch (PowerCutException)
            {
                Restart(flash, model, random);
            }
        }

        flash.Fails = null;
        flash.PowerCutAfter = long.MaxValue;
        Clean(flash);
        flash.CutPower();
        Restart(flash, model, random);
        flash.PowerCutAfter = long.MaxValue;
        model.DeliverAll();
    }

    private static void DoOne(DeviceStorageModel model, RandomSource random)
    {
        switch (random.NextInt32(12))
        {
            case 0 or 1:
                model.Add(TelemetryPriority.High, 1 + random.NextInt32(random.NextInt32(4) == 0 ? 8000 : 200));
                break;
            case 2 or 3:
                model.Add(TelemetryPriority.Normal, 1 + random.NextInt32(4000));
                break;
            case 4:
                model.Add(TelemetryPriority.Low, 1 + random.NextInt32(8000));
                break;
            case 5:
                model.Flush();
                break;
            case 6 or 7 or 8:
                model.Deliver();
                break;
            case 9:
                model.TryRemember($"c-{random.NextUInt32()}");
                break;
            default:
                model.TryWriteCheckpoint();
                break;
        }
    }

    // Until it comes up: a start may meet the next power cut, or an ill storage.
    private static void Restart(SimulatedFlash flash, DeviceStorageModel model, RandomSource random)
    {
        flash.RestorePower(PowerLoss.Random(random, flash.UnflushedBytes));
        flash.Fails = null;
        model.PowerIsCut();
        if (random.NextInt32(3) == 0)
        {
            flash.PowerCutAfter = flash.Operations + random.NextInt32(6);
        }

        try
        {
            model.Start(flash);
        }
        catch (PowerCutException)
        {
            Restart(flash, model, random);
        }
        catch (IOException)
        {
            flash.PowerCutAfter = long.MaxValue;
            Clean(flash);
            flash.CutPower();
            Restart(flash, model, random);
        }
    }

    private static void Fill(SimulatedFlash flash, string name, int bytes)
    {
        try
        {
            using Stream file = flash.Create(name);
            file.Write(new byte[bytes]);
        }
        catch (IOException)
        {
            // Now it is full, which is what was wanted.
        }
    }

    private static void Clean(SimulatedFlash flash)
    {
        foreach (string name in flash.ListNames())
        {
            if (name.StartsWith("other-", StringComparison.Ordinal))
            {
                try
                {
                    flash.Delete(name);
                }
                catch (IOException)
                {
                    // Stays for now.
                }
            }
        }
    }
}
