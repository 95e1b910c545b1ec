using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Simulation.Storage;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Simulation;

[TestFixture]
public sealed class SimulatedFlashTests
{
    private static readonly FlashProperties FourBlocks = FlashProperties.OnBoardFlash with { CapacityBytes = 16 << 10 };

    [Test]
    public void File_WrittenAndFlushed_SurvivesTheWorstPowerCut()
    {
        var flash = new SimulatedFlash(FourBlocks);
        Write(flash, "a", 1, 2, 3);
        Cut(flash, PowerLoss.Everything);
        Assert.That(Contents(flash, "a"), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void UnflushedBytes_SurviveUpToAnyPosition([Range(0, 4)] int surviving, [Values] TornTail tail)
    {
        var flash = new SimulatedFlash(FourBlocks);
        using Stream file = flash.Create("a");
        file.Write([1, 2]);
        flash.Flush(file);
        file.Write([3, 4, 5, 6]);
        Assert.That(flash.UnflushedBytes, Is.EqualTo(4));
        Cut(flash, new PowerLoss(0, surviving, tail));
        byte[] expected = [1, 2, .. new byte[] { 3, 4, 5, 6 }.Take(surviving), .. new byte[tail == TornTail.Zeros ? 4 - surviving : 0]];
        Assert.That(Contents(flash, "a"), Is.EqualTo(expected));
    }

    // Kept: nothing; creation of c; rename of a; deletion of b; and all.
    [TestCase(0ul, TornTail.Missing, "a,b")]
    [TestCase(1ul, TornTail.Missing, "a,b,c")]
    [TestCase(2ul, TornTail.Missing, "b,d")]
    [TestCase(2ul, TornTail.Zeros, "a,b,d")]
    [TestCase(4ul, TornTail.Missing, "a")]
    [TestCase(7ul, TornTail.Missing, "c,d")]
    public void UnflushedChanges_SurviveInEveryCombination(ulong surviving, TornTail tail, string expected)
    {
        var flash = new SimulatedFlash(FourBlocks);
        Write(flash, "a", 1);
        Write(flash, "b", 2);
        flash.Create("c").Dispose();
        flash.Rename("a", "d");
        flash.Delete("b");
        Assert.That(flash.UnflushedChanges, Is.EqualTo(3));
        Cut(flash, new PowerLoss(surviving, 0, tail));
        Assert.That(string.Join(',', flash.ListNames().Order()), Is.EqualTo(expected));
        foreach (string name in flash.ListNames().Where(name => name != "c"))
        {
            Assert.That(Contents(flash, name), Is.EqualTo(new[] { (byte)(name == "b" ? 2 : 1) }));
        }
    }

    [Test]
    public void PowerCutAfter_StopsBeforeTheNextOperation_AndKillsOpenStreams()
    {
        var flash = new SimulatedFlash(FourBlocks) { PowerCutAfter = 2 };
        Stream file = flash.Create("a");
        file.Write([1]);
        Assert.That(() => flash.Flush(file), Throws.TypeOf<PowerCutException>());
        Assert.That(() => flash.ListNames(), Throws.TypeOf<PowerCutException>());
        flash.RestorePower(PowerLoss.Nothing);
        Assert.That(() => file.WriteByte(2), Throws.TypeOf<PowerCutException>());
        file.Dispose();
        Assert.That(Contents(flash, "a"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void Write_BeyondTheCapacity_WritesWhatFitsAndFails()
    {
        var flash = new SimulatedFlash(FourBlocks);
        Write(flash, "a", new byte[4097]);
        Assert.That(flash.FreeBytes, Is.EqualTo(8 << 10));
        using Stream file = flash.Create("b");
        Assert.That(() => file.Write(new byte[9000]), Throws.TypeOf<IOException>());
        Assert.That(file.Length, Is.EqualTo(8192));
        Assert.That(flash.FreeBytes, Is.Zero);
        flash.Delete("a");
        Assert.That(flash.FreeBytes, Is.EqualTo(8 << 10));
    }

    [Test]
    public void Wear_CountsABlockOnceUntilItIsFlushed()
    {
        var flash = new SimulatedFlash(FourBlocks);
        using Stream file = flash.Create("a");
        file.Write(new byte[100]);
        file.Write(new byte[100]);
        Assert.That(flash.Wear.Erases, Is.EqualTo(1));
        file.Write(new byte[4096]);
        Assert.That(flash.Wear.Erases, Is.EqualTo(2));
        flash.Flush(file);
        file.Write(new byte[1]);
        Assert.That(flash.Wear.Erases, Is.EqualTo(3));
        Assert.That(flash.Wear.BytesWritten, Is.EqualTo(4297));
    }

    [Test]
    public void Faults_OnOrder_FailAndChangeNothing()
    {
        var flash = new SimulatedFlash(FourBlocks);
        Write(flash, "a", 1);
        var asked = new List<FlashOperationKind>();
        flash.Fails = operation =>
        {
            asked.Add(operation.Kind);
            return true;
        };
        Assert.That(() => flash.Create("b"), Throws.TypeOf<IOException>());
        Assert.That(() => flash.Rename("a", "b"), Throws.TypeOf<IOException>());
        Assert.That(() => flash.Delete("a"), Throws.TypeOf<IOException>());
        Assert.That(() => flash.OpenRead("a"), Throws.TypeOf<IOException>());
        flash.Fails = null;
        Assert.That(asked, Is.EqualTo(new[]
        {
            FlashOperationKind.Create, FlashOperationKind.Rename, FlashOperationKind.Delete, FlashOperationKind.Read,
        }));
        Assert.That(flash.ListNames(), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Busy_HearsWhatEachOperationTakes()
    {
        var properties = new FlashProperties
        {
            CapacityBytes = 1 << 20,
            ReadBytesPerSecond = 1000,
            WriteBytesPerSecond = 100,
            OperationTime = TimeSpan.FromSeconds(1),
        };
        TimeSpan busy = TimeSpan.Zero;
        var flash = new SimulatedFlash(properties) { Busy = time => busy += time };
        using (Stream file = flash.Create("a"))
        {
            file.Write(new byte[50]);
        }

        Assert.That(busy, Is.EqualTo(TimeSpan.FromSeconds(2.5)));
        Contents(flash, "a");
        Assert.That(busy, Is.EqualTo(TimeSpan.FromSeconds(4.55)));
    }

    [Test]
    public void Damage_AtRest_ChangesTheFileAlone()
    {
        var flash = new SimulatedFlash(FourBlocks);
        Write(flash, "a", 1, 2, 3);
        Write(flash, "b", 1, 2, 3);
        flash.FlipBit("a", 9);
        flash.Truncate("a", 2);
        Assert.That(Contents(flash, "a"), Is.EqualTo(new byte[] { 1, 0 }));
        Assert.That(Contents(flash, "b"), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void Folder_KeepsTheFilesOverTwoRuns()
    {
        string path = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var medium = Checkpoints.FolderStorage.OpenExisting(path);
            var flash = new SimulatedFlash(FourBlocks, medium);
            Write(flash, "a", 1);
            flash.Rename("a", "b");
            using (Stream file = flash.Create("c"))
            {
                file.Write([1, 2]);
                Cut(flash, new PowerLoss(2, 1, TornTail.Missing));
            }

            var next = new SimulatedFlash(FourBlocks, medium);
            Assert.That(next.ListNames().Order(), Is.EqualTo(new[] { "a", "c" }));
            Assert.That(Contents(next, "c"), Is.EqualTo(new byte[] { 1 }));
            Assert.That(next.FreeBytes, Is.EqualTo(8 << 10));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Cut(SimulatedFlash flash, PowerLoss loss)
    {
        flash.CutPower();
        flash.RestorePower(loss);
    }

    private static void Write(SimulatedFlash flash, string name, params byte[] content)
    {
        using Stream file = flash.Create(name);
        file.Write(content);
        flash.Flush(file);
    }

    private static byte[] Contents(SimulatedFlash flash, string name)
    {
        using Stream file = flash.OpenRead(name);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
