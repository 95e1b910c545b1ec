using System;
using System.Net;
using FeatureAlignment.Dashboard.Access;
using FeatureAlignment.Dashboard.Hosting;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Hosting;

[TestFixture]
public sealed class RequestSourceTests
{
    [TestCase("127.0.0.1", "localhost:5080", true)]
    [TestCase("127.0.0.1", "LOCALHOST", true)]
    [TestCase("127.0.0.2", "127.0.0.1:5080", true)]
    [TestCase("::1", "[::1]:5080", true)]
    [TestCase("::ffff:127.0.0.2", "[::ffff:127.0.0.1]", true)]
    [TestCase("::ffff:203.0.113.7", "localhost", false)]
    [TestCase("203.0.113.7", "127.0.0.1", false)]
    [TestCase("127.0.0.1", "localhost.evil.example", false)]
    [TestCase("127.0.0.1", "127.0.0.1.evil.example", false)]
    [TestCase("127.0.0.1", "0.0.0.0", false)]
    [TestCase("127.0.0.1", "", false)]
    [TestCase(null, "localhost", false)]
    public void SameMachine_IsALoopbackAddressUnderALoopbackName(string? address, string host, bool expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        context.Request.Host = new HostString(host);

        Assert.That(RequestSource.IsSameMachine(context, new DashboardOptions()), Is.EqualTo(expected));
    }

    [TestCase("203.0.113.7", "203.0.113.7")]
    [TestCase("::ffff:203.0.113.7", "203.0.113.7")]
    [TestCase("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void Network_IsAnAddressOfIPv4AndHalfAnAddressOfIPv6(string address, string expected) =>
        Assert.That(RequestSource.NetworkOf(IPAddress.Parse(address)), Is.EqualTo(IPAddress.Parse(expected)));

    [Test]
    public void LoginLimit_CountsAllAddressesOfANetworkTogether()
    {
        using var limit = new LoginLimit(oneMoreAfter: TimeSpan.FromHours(1));
        int taken = 0;
        for (int i = 0; i < 100; i++)
        {
            taken += limit.TryTake(IPAddress.Parse($"2001:db8::{i:x}")) ? 1 : 0;
        }

        Assert.That(taken, Is.EqualTo(10));
        Assert.That(limit.TryTake(IPAddress.Parse("2001:db8:0:1::1")));
    }
}
