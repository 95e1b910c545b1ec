using System;
using System.Collections.Generic;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests;

[TestFixture]
public sealed class BackoffTests
{
    [Test]
    public void Waits_DoubleUpToFiveMinutes_AndBeginAnewAfterASuccess()
    {
        var backoff = new Backoff();
        var waits = new List<double>();
        for (int i = 0; i < 7; i++)
        {
            backoff.Failed(TimeSpan.FromHours(1));
            waits.Add((backoff.NotBefore - TimeSpan.FromHours(1)).TotalSeconds);
        }

        Assert.That(waits, Is.EqualTo(new double[] { 10, 20, 40, 80, 160, 300, 300 }));
        backoff.Succeeded();
        Assert.That(backoff.NotBefore, Is.EqualTo(TimeSpan.Zero));
        backoff.Failed(TimeSpan.Zero);
        Assert.That(backoff.Wait, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }
}
