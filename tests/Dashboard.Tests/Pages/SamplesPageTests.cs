using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class SamplesPageTests
{
    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        dashboard = await TestDashboard.StartAsync();
        await SampleFleet.AddAsync(dashboard.Store, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Samples_Newest_ShowEachInputOnce_WorstFirst()
    {
        (HttpStatusCode status, string html) = await dashboard.Client.GetPageAsync("/runs/1/samples");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(html, Does.Contain("data-step=\"200\" data-place=\"1\" data-moments=\"2\""));
        Assert.That(Inputs(html), Is.EqualTo((string[])["7", "3"]));
        Assert.That(html, Does.Not.Contain("taken for"));
    }

    [Test]
    public async Task Samples_OfAnEarlierStep_ShowWhatWasThenSaid()
    {
        string part = await dashboard.Client.GetStringAsync("/runs/1/samples/tiles?step=150");

        Assert.That(part, Does.Contain("data-step=\"100\" data-place=\"0\"").And.Contain("7 taken for 1"));
    }

    [Test]
    public async Task Samples_WithoutScript_SliderGoesByPlace()
    {
        (_, string html) = await dashboard.Client.GetPageAsync("/runs/1/samples?place=0");

        Assert.That(html, Does.Contain("data-place=\"0\""));
    }

    [Test]
    public async Task Picture_IsAStripOfInputOutputAndError_ThatTheBrowserKeeps()
    {
        string part = await dashboard.Client.GetStringAsync("/runs/1/samples/tiles");
        string address = WebUtility.HtmlDecode(Regex.Match(part, "src=\"([^\"]+)\"").Groups[1].Value);

        using HttpResponseMessage answer = await dashboard.Client.GetAsync(address);
        byte[] picture = await answer.Content.ReadAsByteArrayAsync();

        Assert.That(part, Does.Not.Contain("data:"));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/png"));
        Assert.That(answer.Headers.CacheControl!.ToString(), Does.Contain("private").And.Contain("max-age="));
        Assert.That(picture[..8], Is.EqualTo((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]));
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)), Is.EqualTo(3 * 2), "three pictures of two pixels");
        // The checksum of an empty IEND chunk is the same in every PNG.
        Assert.That(picture[^4..], Is.EqualTo((byte[])[0xAE, 0x42, 0x60, 0x82]));
        // Digit 7 at step 200: 200 became 130, and 255 √(70/255) is 133.6.
        Assert.That(Rows(picture)[0], Is.EqualTo((byte[])[0, 7, 200, 7, 130, 0, 134]));
    }

    [TestCase("/runs/2/samples/1.png")]
    [TestCase("/runs/1/samples/999.png")]
    public async Task Picture_OfAnotherRunOrNone_IsNotFound(string address)
    {
        using HttpResponseMessage answer = await dashboard.Client.GetAsync(address);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
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

    /// <summary>Rows of the pictures, each after the byte that names its filter: none.</summary>
    private static byte[][] Rows(byte[] png)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));
        // After signature and IHDR: length, "IDAT", the data.
        using var data = new MemoryStream(png, 41, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33)));
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        var pixels = new MemoryStream();
        zlib.CopyTo(pixels);
        return [.. pixels.ToArray().Chunk(width + 1)];
    }
}
