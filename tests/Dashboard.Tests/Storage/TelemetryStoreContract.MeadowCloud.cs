using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Storage;

public abstract partial class TelemetryStoreContract
{
    [Test]
    public async Task Append_Parts_AreStoredOnceEach()
    {
        for (int part = 0; part < 3; part++)
        {
            AppendResult first = await Store.AppendAsync(Part(part));
            AppendResult again = await Store.AppendAsync(Part(part));

            Assert.That((first.IsRepeated, again.IsRepeated), Is.EqualTo((false, true)));
            Assert.That(again.Answer, Is.EqualTo(first.Answer));
        }

        await ReopenAsync();
        Assert.That((await Store.AppendAsync(Part(1))).IsRepeated);
        Assert.That((await SeriesAsync()).Points, Is.EqualTo(30));
    }

    [Test]
    public async Task Append_PartOfABatchThatIsThereWhole_ChangesNothing()
    {
        AppendResult whole = await Store.AppendAsync(Batches.Received(Batches.OfPoints(Batches.Counting(0, 5))));

        AppendResult part = await Store.AppendAsync(Part(0));

        Assert.That(part, Is.EqualTo(whole with { IsRepeated = true }));
        Assert.That((await SeriesAsync()).Points, Is.EqualTo(5));
    }

    [Test]
    public async Task Append_Part_LeavesCommandsToTheirOwnDoor()
    {
        await Store.RegisterDeviceAsync("board-1", Now);
        await Store.AddCommandAsync("board-1", new TelemetryCommand("c-1", "pause"), Now);

        AppendResult result = await Store.AppendAsync(Part(0));

        Assert.That(result.Answer!.Commands, Is.Empty);
        Assert.That((await Store.ListCommandsAsync("board-1")).Single().State, Is.EqualTo(CommandState.Waiting));
    }

    [Test]
    public async Task CommandAdded_IsToldAfterTheCommit()
    {
        var told = new List<string>();
        Store.CommandAdded += told.Add;
        await Store.RegisterDeviceAsync("board-1", Now);
        await Store.AddCommandAsync("board-1", new TelemetryCommand("c-1", "pause"), Now);

        Assert.That(() => Store.AddCommandAsync("nobody", new TelemetryCommand("c-1", "pause"), Now), Throws.InvalidOperationException);
        Assert.That(told, Is.EqualTo(new[] { "board-1" }));
    }

    [Test]
    public async Task DeviceId_IsFoundInAnyCapitals_TheSameFirst()
    {
        await Store.RegisterDeviceAsync("Board-1", Now);
        await Store.RegisterDeviceAsync("board-1", Now);

        Assert.That(await Store.FindDeviceIdAsync("BOARD-1"), Is.EqualTo("Board-1"));
        Assert.That(await Store.FindDeviceIdAsync("board-1"), Is.EqualTo("board-1"));
        Assert.That(await Store.FindDeviceIdAsync("board-2"), Is.Null);
    }

    [Test]
    public async Task PublicKey_ReplacesTheOneBefore_AndRevokedOnesStay()
    {
        PublicKeyRecord first = await Store.SetPublicKeyAsync("board-1", new byte[] { 1 }, Now);
        PublicKeyRecord second = await Store.SetPublicKeyAsync("board-1", new byte[] { 2 }, Now + 1);
        await Store.SetPublicKeyAsync("board-2", new byte[] { 3 }, Now);
        bool revoked = await Store.RevokePublicKeyAsync("board-1", Now + 2);
        bool again = await Store.RevokePublicKeyAsync("board-1", Now + 3);
        await ReopenAsync();

        IReadOnlyList<PublicKeyRecord> keys = await Store.ListPublicKeysAsync("board-1");
        Assert.That((revoked, again, await Store.RevokePublicKeyAsync("nobody", Now)), Is.EqualTo((true, false, false)));
        Assert.That(keys.Select(key => (key.Id, key.DeviceId, key.Key.Span[0], key.CreatedAt, key.RevokedAt)), Is.EqualTo(new[]
        {
            (first.Id, "board-1", (byte)1, Now, (long?)(Now + 1)), (second.Id, "board-1", (byte)2, Now + 1, (long?)(Now + 2)),
        }));
        Assert.That(await Store.ListPublicKeysAsync(), Has.Count.EqualTo(3));
        Assert.That(await Store.FindDeviceAsync("board-2"), Is.Not.Null);
    }

    private static ReceivedBatch Part(int part) =>
        Batches.Received(Batches.OfPoints(Batches.Counting(10 * part, 10))) with { Part = part };
}
