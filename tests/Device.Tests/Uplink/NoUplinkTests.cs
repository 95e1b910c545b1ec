using FeatureAlignment.Device.Uplink;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Uplink;

[TestFixture]
public sealed class NoUplinkTests
{
    [Test]
    public void Uplink_IsNeverReadyAndHasNothing()
    {
        var uplink = new NoUplink();
        Assert.That(uplink.IsReady, Is.False);
        Assert.That(uplink.TryTakeOutcome(out _), Is.False);
        Assert.That(uplink.TryTakeCommand(out _), Is.False);
        Assert.That(() => uplink.Send(new BatchHeader("d", 1, 1, 0), default), Throws.InvalidOperationException);
    }
}
