using System;
using System.IO;
using System.Text;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Uplink;
using FeatureAlignment.DeviceApp.Board;
using FeatureAlignment.DeviceApp.Tests.Support;
using Meadow;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests.Board;

[TestFixture]
public sealed class BoardPlatformTests
{
    private FakeBoard board = null!;

    [SetUp]
    public void Start() => board = new FakeBoard();

    [TearDown]
    public void End() => board.Dispose();

    [Test]
    public void Description_SaysWhatMeadowSays()
    {
        BoardPlatform platform = NewPlatform();
        Assert.That(platform.Description.DeviceId, Is.EqualTo("2A0036000C51383235333836"));
        Assert.That(platform.Description.Board, Is.EqualTo("F7FeatherV2"));
        Assert.That(platform.Description.Firmware, Is.EqualTo("2.5.0.0"));
        Assert.That(platform.Description.Application, Does.Match(@"^\d+\.\d+\.\d+$"));
    }

    [TestCase("a b/c", "abc")]
    [TestCase("", "unnamed-board")]
    public void DeviceId_OfOddCharacters_IsUsable(string uniqueId, string deviceId)
    {
        board.UniqueID = uniqueId;
        Assert.That(NewPlatform().Description.DeviceId, Is.EqualTo(deviceId));
    }

    [Test]
    public void Flash_IsTheDataDirectory()
    {
        using (Stream file = NewPlatform().Flash.Create("x"))
        {
            file.WriteByte(1);
        }

        Assert.That(File.Exists(Path.Combine(board.DataDirectory, "x")), Is.True);
    }

    [Test]
    public void FreeBytes_OfFlash_ShrinkAsFilesGrow()
    {
        BoardPlatform platform = NewPlatform();
        long before = platform.Flash.FreeBytes;
        File.WriteAllBytes(Path.Combine(board.DataDirectory, "x"), new byte[1000]);
        Assert.That(before, Is.EqualTo(10_000_000));
        Assert.That(platform.Flash.FreeBytes, Is.EqualTo(before - 1000));
    }

    [Test]
    public void Card_WithoutOne_IsNull() => Assert.That(NewPlatform().Card, Is.Null);

    [Test]
    public void Card_Mounted_IsItsFolder()
    {
        string folder = Directory.CreateDirectory(Path.Combine(board.Root, "sdcard")).FullName;
        File.WriteAllText(Path.Combine(folder, "train-images-idx3-ubyte"), "images");
        board.Drives.Add(new FakeBoard.SdCard(folder.TrimStart('/')));

        BoardPlatform platform = NewPlatform();

        using var reader = new StreamReader(platform.Card!.OpenRead("train-images-idx3-ubyte"), Encoding.UTF8);
        Assert.That(reader.ReadToEnd(), Is.EqualTo("images"));
        Assert.That(platform.Card.FreeBytes, Is.EqualTo(-1));
    }

    [Test]
    public void Restart_ResetsAndIsRememberedOnce()
    {
        NewPlatform().Restart();
        Assert.That(board.Resets, Is.EqualTo(1));
        Assert.That(NewPlatform().Description.RestartReason, Is.EqualTo("command"));
        Assert.That(NewPlatform().Description.RestartReason, Is.EqualTo("unknown"));
    }

    [TestCase(UpdateState.UpdateInProgress, "update")]
    [TestCase(UpdateState.Connected, "unknown")]
    public void Shutdown_ForAnUpdate_IsRemembered(UpdateState state, string reason)
    {
        board.State = state;
        NewPlatform().NoteShutdown();
        Assert.That(NewPlatform().Description.RestartReason, Is.EqualTo(reason));
    }

    [Test]
    public void Health_IsThatOfTheOperatingSystem()
    {
        BoardPlatform platform = NewPlatform();
        Assert.That(platform.Health.MemoryFreeBytes, Is.EqualTo(6_000_000));
        Assert.That(platform.Health.LargestFreeBlockBytes, Is.EqualTo(5_000_000));
        Assert.That(platform.Health.MemoryUsedBytes, Is.GreaterThan(0));
    }

    private BoardPlatform NewPlatform() => new(
        board.Feather, new BoardClock(), new BoardParts(null, null, Array.Empty<ISensor>(), new BoardButtons()), new NoUplink(),
        new RestartReasons(board, board.DataDirectory, board.Logger), board.Logger);
}
