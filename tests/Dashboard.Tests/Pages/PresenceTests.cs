using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class PresenceTests
{
    private Presence presence = null!;

    [SetUp]
    public void Start() => presence = new Presence();

    [Test]
    public void Device_ComesGoesAndComesBack_GetsALineEachTime()
    {
        Look(at: 0);
        IReadOnlyList<ConnectionRecord> first = Look(at: 10, Device(seen: 8));
        IReadOnlyList<ConnectionRecord> still = Look(at: 100, Device(seen: 8));
        IReadOnlyList<ConnectionRecord> gone = Look(at: 129, Device(seen: 8));
        IReadOnlyList<ConnectionRecord> stillGone = Look(at: 500, Device(seen: 8));
        IReadOnlyList<ConnectionRecord> back = Look(at: 610, Device(seen: 608));

        Assert.That(first.Single(), Is.EqualTo(new ConnectionRecord("board-1", At(8), "online", "First report.")));
        Assert.That(still, Is.Empty);
        Assert.That(gone.Single(), Is.EqualTo(new ConnectionRecord("board-1", At(8), "offline", "Nothing came for 2 min.")));
        Assert.That(stillGone, Is.Empty);
        Assert.That(back.Single(), Is.EqualTo(new ConnectionRecord("board-1", At(608), "online", "Reports again after 10 min.")));
    }

    [Test]
    public void Device_ThatWasThereWithoutReporting_IsOfflineFromWhenItWasThereLast()
    {
        Look(at: 10, Device(seen: 8));
        Look(at: 600, Device(seen: 600));

        Assert.That(Look(at: 721, Device(seen: 8)).Single(), Is.EqualTo(
            new ConnectionRecord("board-1", At(600), "offline", "Nothing came for 2 min.")));
    }

    [Test]
    public void Device_ThatReportsSeldom_IsOfflineAfterThreeOfItsIntervals()
    {
        Look(at: 0, Device(seen: 0, interval: 300));

        Assert.That(Look(at: 900, Device(seen: 0, interval: 300)), Is.Empty);
        Assert.That(Look(at: 901, Device(seen: 0, interval: 300)).Single(), Is.EqualTo(
            new ConnectionRecord("board-1", At(0), "offline", "Nothing came for 15 min.")));
    }

    [Test]
    public void Device_KnownAtTheStart_GetsNoLineUntilSomethingChanges()
    {
        Assert.That(Look(at: 10, Device(seen: 8)), Is.Empty);
        Assert.That(Look(at: 200, Device(seen: 8)).Single().Kind, Is.EqualTo("offline"));
    }

    [Test]
    public void Device_StartedAnew_GetsNoLine_AsTheStoreWritesIt()
    {
        Look(at: 0, Device(seen: 0));

        Assert.That(Look(at: 10, Device(seen: 8, boot: 2)), Is.Empty);
    }

    [Test]
    public void Device_ThatNeverReported_GetsNoLine() => Assert.That(Look(at: 10, Device(seen: null)), Is.Empty);

    [Test]
    public void Device_ConnectedToTheBroker_IsSeenNow_ButHasNotReportedByThat()
    {
        var connections = new BoardConnections();
        connections.Add(new BoardConnection("board-1", "", IPAddress.Loopback, session: null!, () => Task.FromResult(true)));
        long SeenAt(int? reported) => DeviceStates.SeenWhileConnected(Device(reported), connections, Time(at: 600)).LastSeenAt;

        Assert.That((SeenAt(reported: 8), SeenAt(reported: null)), Is.EqualTo((At(600), 0)));
    }

    private static long At(int second) => Batches.Noon + 1_000L * second;

    private static DateTimeOffset Time(int at) => DateTimeOffset.FromUnixTimeMilliseconds(At(at));

    private static DeviceRecord Device(int? seen, int boot = 1, int interval = 0) =>
        new("board-1", "", At(0), seen is int second ? At(second) : 0, "1.0", boot, null, TimeSpan.FromSeconds(interval));

    private IReadOnlyList<ConnectionRecord> Look(int at, params DeviceRecord[] devices) =>
        presence.Look(devices, Time(at));
}
