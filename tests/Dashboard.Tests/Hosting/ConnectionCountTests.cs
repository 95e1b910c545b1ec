using System.Linq;
using System.Net;
using FeatureAlignment.Dashboard.Hosting;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Hosting;

[TestFixture]
public sealed class ConnectionCountTests
{
    private static readonly IPAddress One = IPAddress.Parse("203.0.113.7"), Other = IPAddress.Parse("203.0.113.8");

    [Test]
    public void Address_CanNotTakeThePlacesOfOthers()
    {
        var count = new ConnectionCount("places", 4, 2);

        string?[] faults =
            [count.Add(One), count.Add(One.MapToIPv6()), count.Add(One), count.Add(Other), count.Add(Other), count.Add(null)];

        Assert.That(faults.Select(fault => fault is null), Is.EqualTo(new[] { true, true, false, true, true, false }));
        Assert.That(faults[2], Does.Contain("from its address"));
        Assert.That(count.All, Is.EqualTo(4));
    }

    [Test]
    public void ThisMachine_MayTakeAll()
    {
        var count = new ConnectionCount("places", 3, 1);

        Assert.That(Enumerable.Range(0, 4).Select(_ => count.Add(IPAddress.Loopback) is null),
            Is.EqualTo(new[] { true, true, true, false }));
    }

    [Test]
    public void Proxy_MayTakeAll()
    {
        var count = new ConnectionCount("places", 3, 1, [IPNetwork.Parse("203.0.113.7/32")]);

        Assert.That(new[] { One, One, Other, Other }.Select(address => count.Add(address) is null),
            Is.EqualTo(new[] { true, true, true, false }));
    }

    [Test]
    public void Addresses_OfOneNetworkOfIPv6_CountTogether()
    {
        var count = new ConnectionCount("places", 3, 1);

        string?[] faults = [.. new[] { "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "::1", "::1" }
            .Select(address => count.Add(IPAddress.Parse(address)))];

        Assert.That(faults.Select(fault => fault is null), Is.EqualTo(new[] { true, false, true, true, false }));
        Assert.That(faults[4], Is.EqualTo("there are 3 places already"));
    }

    [Test]
    public void Place_OfAnEndedConnection_IsFree()
    {
        var count = new ConnectionCount("places", 1, 1);
        count.Add(One);
        count.Remove(One);

        Assert.That(count.Add(One), Is.Null);
        Assert.That(count.All, Is.EqualTo(1));
    }
}
