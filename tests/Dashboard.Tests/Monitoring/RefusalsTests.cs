using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Monitoring;

[TestFixture]
public sealed class RefusalsTests
{
    private static readonly byte[] Rubbish = "{"u8.ToArray();

    private readonly SteppedTime time = new();

    [Test]
    public async Task Board_ThatPostsRubbish_GetsALineAMinute_ThatCountsTheOthers()
    {
        await using TestDashboard dashboard = await StartAsync();
        for (int sequence = 1; sequence <= 30; sequence++)
        {
            Assert.That(await PostAsync(dashboard, "board-1", sequence, Rubbish), Is.EqualTo(HttpStatusCode.BadRequest));
        }

        string[] first = Texts(dashboard);
        await PostAsync(dashboard, "board-2", 1, Rubbish);
        await PostAsync(dashboard, "board-1", 31, new byte[TelemetryLimits.BodyBytes + 1]);
        string[] others = Texts(dashboard);
        time.Advance(Refusals.Apart);
        await PostAsync(dashboard, "board-1", 32, Rubbish);
        await PostAsync(dashboard, "board-1", 33, Rubbish);

        Assert.That(first, Has.Length.EqualTo(1));
        Assert.That(first[0], Does.Contain("board-1").And.Contain("400").And.Not.Contain("left out"));
        Assert.That(others, Has.Length.EqualTo(3), "another board, and another fault of the first");
        Assert.That(Texts(dashboard), Has.Length.EqualTo(4));
        Assert.That(Texts(dashboard)[^1], Does.Contain("board-1").And.Contain("(29 more like it left out before)"));
    }

    [Test]
    public async Task Address_ThatMakesUpIds_GetsOneLine()
    {
        await using TestDashboard dashboard = await StartAsync();
        for (int i = 1; i <= 30; i++)
        {
            await PostAsync(dashboard, $"made-up-{i}", sequence: 0, Rubbish);
        }

        Assert.That(Texts(dashboard), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Boards_WithWrongKeysAtOneAddress_AreNamedEach()
    {
        await using TestDashboard dashboard = await StartAsync();
        foreach (string device in new[] { "board-1", "board-2", "board-1" })
        {
            await PostAsync(dashboard, device, 1, Rubbish, (BatchHeader.KeyHeader, "wrong"));
        }

        Assert.That(Texts(dashboard), Has.Length.EqualTo(2));
        Assert.That(Texts(dashboard), Has.Exactly(1).Contains("board-1").And.Exactly(1).Contains("board-2"));
    }

    [Test]
    public async Task Board_WhoseItemsGoIntoQuarantine_GetsALineAMinute()
    {
        await using TestDashboard dashboard = await StartAsync();
        for (int i = 1; i <= 5; i++)
        {
            using HttpResponseMessage answer = await MeadowBoard.PostAsync(dashboard.Client, "/api/events", "nonsense" + i);
            answer.EnsureSuccessStatusCode();
        }

        Assert.That(Texts(dashboard).Single(), Does.Contain("1 of 1 items").And.Contain("into quarantine"));
    }

    [Test]
    public async Task Store_ThatTakesNothing_IsOneLine_NotOneOfEachBoard()
    {
        await using TestDashboard dashboard = await StartAsync();
        await dashboard.Store.DisposeAsync();
        byte[] body = Batches.Json(Batches.OfPoints(Batches.Counting(0, 1)));
        for (int board = 1; board <= 5; board++)
        {
            Assert.That(await PostAsync(dashboard, $"board-{board}", 1, body), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        }

        Assert.That(Texts(dashboard), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Senders_BeyondTheMost_ShareALine_UntilTheOthersAreSilent()
    {
        await using TestDashboard dashboard = await StartAsync();
        Refusals refusals = dashboard.Services.GetRequiredService<Refusals>();
        IEnumerable<string> TakeAll() => Enumerable.Range(0, Refusals.MostSenders + 10)
            .Select(i => refusals.Take($"board-{i}", "400", "wrong")).OfType<string>().ToArray();

        Assert.That(TakeAll().Count(), Is.EqualTo(Refusals.MostSenders + 1), "and one that the other ten share");
        Assert.That(TakeAll(), Is.Empty);
        time.Advance(Refusals.Apart);
        Assert.That(refusals.Take("new", "400", "wrong"), Is.EqualTo("wrong"));
    }

    [Test]
    public async Task Line_ThatComesLate_CountsWhatWasLeftOutSinceTheLast()
    {
        await using TestDashboard dashboard = await StartAsync();
        Refusals refusals = dashboard.Services.GetRequiredService<Refusals>();
        string?[] taken = [.. Enumerable.Range(0, 3).Select(_ => refusals.Take("board-1", "400", "wrong"))];
        time.Advance(Refusals.Apart);
        string? second = refusals.Take("board-1", "400", "wrong");
        time.Advance(Refusals.Apart);

        Assert.That(taken, Is.EqualTo(new[] { "wrong", null, null }));
        Assert.That(second, Is.EqualTo("wrong (2 more like it left out before)"));
        Assert.That(refusals.Take("board-1", "400", "wrong"), Is.EqualTo("wrong"), "none was left out since");
    }

    private static string[] Texts(TestDashboard dashboard) => [.. dashboard.Log.Lines.Select(line => line.Text)];

    private static async Task<HttpStatusCode> PostAsync(
        TestDashboard dashboard, string device, int sequence, byte[] body, params (string Name, string? Value)[] headers)
    {
        using HttpResponseMessage answer = await dashboard.PostAsync(
            new BatchHeader(device, 1, 1, 0), body, [(BatchHeader.SequenceHeader, $"{sequence}"), .. headers]);
        return answer.StatusCode;
    }

    private Task<TestDashboard> StartAsync() =>
        TestDashboard.StartAsync(null, builder => builder.Services.AddSingleton<TimeProvider>(time));
}
