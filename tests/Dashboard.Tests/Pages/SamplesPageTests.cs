using System;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class SamplesPageTests
{
    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync()
    {
        dashboard = await TestDashboard.StartAsync();
        await SampleFleet.AddAsync(dashboard.Store, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Samples_Newest_ShowEachInputOnce_WorstFirst()
    {
        (HttpStatusCode status, string html) = await dashboard.Client.GetPageAsync("/runs/1/samples");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(html, Does.Contain("data-steps=\"100,200\"").And.Contain("data-place=\"1\""));
        Assert.That(Inputs(html), Is.EqualTo((string[])["7", "3"]));
        Assert.That(html, Does.Not.Contain("taken for"));
    }

    [Test]
    public async Task Samples_OfAnEarlierStep_ShowWhatWasThenSaid()
    {
        string part = await dashboard.Client.GetStringAsync("/runs/1/samples/tiles?step=150");

        Assert.That(part, Does.Contain("data-place=\"0\"").And.Contain("7 taken for 1"));
    }

    [Test]
    public async Task Samples_WithoutScript_SliderGoesByPlace()
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/runs/1/samples?place=0");

        Assert.That(html, Does.Contain("data-place=\"0\""));
    }

    [Test]
    public async Task Pictures_ArePng()
    {
        string part = await dashboard.Client.GetStringAsync("/runs/1/samples/tiles");

        byte[] picture = Convert.FromBase64String(Regex.Match(part, "data:image/png;base64,([^\"]+)").Groups[1].Value);
        Assert.That(picture[..8], Is.EqualTo((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]));
        // The checksum of an empty IEND chunk is the same in every PNG.
        Assert.That(picture[^4..], Is.EqualTo((byte[])[0xAE, 0x42, 0x60, 0x82]));
    }

    [Test]
    public async Task RunWithoutPictures_SaysHowToGetSome()
    {
        (HttpStatusCode status, string html) = await dashboard.Client.GetPageAsync("/runs/2/samples");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(html, Does.Contain("Send reconstructions"));
    }

    private static string[] Inputs(string html) =>
        [.. Regex.Matches(html, "alt=\"Input of class (\\d+)\"").Select(match => match.Groups[1].Value)];
}
