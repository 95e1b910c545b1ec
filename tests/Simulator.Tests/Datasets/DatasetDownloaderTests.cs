using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Datasets;

public class DatasetDownloaderTests
{
    private const string FileName = "train-images-idx3-ubyte.gz";
    private const string First = SmallDataset.FirstMirror + FileName;
    private const string Second = SmallDataset.SecondMirror + FileName;

    /// <summary>Longer than any test runs: these tests are not about time.</summary>
    private static readonly TimeSpan Unlimited = TimeSpan.FromHours(1);

    private FakeMirror mirror = null!;
    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder()
    {
        mirror = new FakeMirror();
        folder = new TemporaryFolder();
    }

    [TearDown]
    public void DeleteFolder()
    {
        mirror.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task Download_WholeFile_StandsUnderItsName()
    {
        mirror.Give(First, SmallDataset.TrainingImages);

        await DownloadAsync();

        Assert.That(folder.Files, Is.EqualTo(new[] { FileName }));
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(folder.Path, FileName)), Is.EqualTo(SmallDataset.TrainingImages));
        Assert.That(mirror.Requests, Is.EqualTo(new[] { First }));
    }

    [Test]
    public async Task Download_Md5OfTheGzFile_IsAccepted()
    {
        // The digest comes from Python: hashlib.md5(b"not even gzip").
        PublishedDataset dataset = PublishedDataset.FashionMnist with { Mirrors = [new Uri(SmallDataset.FirstMirror)] };
        var file = new PublishedFile("train-images-idx3-ubyte", "81224846e5906a1982d79f07a7467831");
        mirror.Give(First, "not even gzip"u8.ToArray());
        using var client = new HttpClient(mirror, disposeHandler: false);

        await new DatasetDownloader(client, Unlimited).DownloadAsync(dataset, file, folder.Path, null, CancellationToken.None);

        Assert.That(folder.Files, Is.EqualTo(new[] { FileName }));
    }

    [Test]
    public async Task Download_FirstMirrorDown_TakesTheSecond()
    {
        mirror.Fail(First, new HttpRequestException("Name or service not known"));
        mirror.Give(Second, SmallDataset.TrainingImages);

        await DownloadAsync();

        Assert.That(folder.Files, Is.EqualTo(new[] { FileName }));
        Assert.That(mirror.Requests, Is.EqualTo(new[] { First, Second }));
    }

    [Test]
    public async Task Download_FirstMirrorGivesAnotherFile_TakesTheSecond()
    {
        mirror.Give(First, SmallDataset.TestImages);
        mirror.Give(Second, SmallDataset.TrainingImages);

        await DownloadAsync();

        Assert.That(await File.ReadAllBytesAsync(Path.Combine(folder.Path, FileName)), Is.EqualTo(SmallDataset.TrainingImages));
        Assert.That(folder.Files, Is.EqualTo(new[] { FileName }));
    }

    [Test]
    public async Task Download_CutOff_SaysBytesAndLeavesNothing()
    {
        mirror.GiveCutOff(First, SmallDataset.TrainingImages, 20);

        string message = await DownloadFailsAsync();

        Assert.That(message, Does.Contain($"{First}: {SmallDataset.TrainingImages.Length} bytes expected, 20 received"));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public async Task Download_CutOffWithoutPromisedLength_FailsAndLeavesNothing()
    {
        mirror.Give(First, () => new StreamContent(new MemoryStream(SmallDataset.TrainingImages, 0, 20)));

        Assert.That(await DownloadFailsAsync(), Does.Contain(First));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public async Task Download_WrongDigest_SaysBothDigestsAndLeavesNothing()
    {
        mirror.Give(First, SmallDataset.TestImages);

        string message = await DownloadFailsAsync();

        Assert.That(message, Does.Contain("SHA-256 of the unpacked file must be " + SmallDataset.WithContentDigests.TrainingImages.Digest));
        Assert.That(message, Does.Contain(SmallDataset.WithContentDigests.TestImages.Digest + " found"));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public async Task Download_PageInsteadOfFile_FailsAndLeavesNothing()
    {
        mirror.Give(First, "<html>Log in to the network of this hotel</html>"u8.ToArray());

        Assert.That(await DownloadFailsAsync(), Does.Contain(First));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public async Task Download_EndlessFile_IsGivenUp()
    {
        mirror.Give(First, () => new StreamContent(new EndlessStream()));

        Assert.That(await DownloadFailsAsync(), Does.Contain("At most 67,108,864 bytes expected"));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public async Task Download_EveryMirrorFails_ListsEachReason()
    {
        mirror.Fail(First, new HttpRequestException("Name or service not known"));

        string message = await DownloadFailsAsync();

        Assert.That(message, Does.Contain(FileName + " could not be downloaded"));
        Assert.That(message, Does.Contain(First + ": Name or service not known"));
        Assert.That(message, Does.Contain(Second + ": ").And.Contain("404"));
    }

    [Test]
    public async Task Download_Fails_LeavesTheFileThatWasThere()
    {
        string path = folder.Write(FileName, [1, 2, 3]);

        await DownloadFailsAsync();

        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(folder.Files, Is.EqualTo(new[] { FileName }));
    }

    [Test]
    public async Task Download_MirrorsStaySilent_GivesUpAndLeavesNothing()
    {
        mirror.StaySilent(First);
        mirror.GiveThenStall(Second, SmallDataset.TrainingImages[..20]);

        string message = await DownloadFailsAsync(patience: TimeSpan.FromMilliseconds(1));

        Assert.That(message, Does.Contain(First + ": No data within 0.001 seconds"));
        Assert.That(message, Does.Contain(Second + ": No data within 0.001 seconds"));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void Download_CancelledHalfWay_StopsAtOnceAndLeavesNothing()
    {
        mirror.GiveThenStall(First, SmallDataset.TrainingImages[..20]);
        mirror.Give(Second, SmallDataset.TrainingImages);
        using var cancellation = new CancellationTokenSource();
        var progress = new Watcher(_ => cancellation.Cancel());

        Assert.That(
            async () => await DownloadAsync(progress: progress, cancellation: cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(folder.Files, Is.Empty);
        Assert.That(mirror.Requests, Is.EqualTo(new[] { First }));
    }

    [Test]
    public async Task Download_TellsProgress()
    {
        mirror.Give(First, SmallDataset.TrainingImages);
        var reports = new List<DownloadProgress>();

        await DownloadAsync(progress: new Watcher(reports.Add));

        int length = SmallDataset.TrainingImages.Length;
        Assert.That(reports, Is.Not.Empty);
        Assert.That(reports[^1], Is.EqualTo(new DownloadProgress(FileName, length, length)));
    }

    private async Task DownloadAsync(
        TimeSpan? patience = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var client = new HttpClient(mirror, disposeHandler: false);
        PublishedDataset dataset = SmallDataset.WithContentDigests;
        await new DatasetDownloader(client, patience ?? Unlimited)
            .DownloadAsync(dataset, dataset.TrainingImages, folder.Path, progress, cancellation);
    }

    private async Task<string> DownloadFailsAsync(TimeSpan? patience = null) =>
        (await Assert.ThrowsAsync<DatasetUnavailableException>(() => DownloadAsync(patience)))!.Message;

    private sealed class Watcher(Action<DownloadProgress> watch) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => watch(value);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(buffer.Length);
    }
}
