using System;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.MeadowCloud;

/// <summary>Guests of the broker who want nothing from it must not keep the place of a board.</summary>
[TestFixture]
public sealed class MqttSilenceTests
{
    private SteppedTime time = null!;
    private TestDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync()
    {
        time = new SteppedTime();
        dashboard = await TestDashboard.StartAsync(
            options => options with { MqttPort = 0 }, builder => builder.Services.AddSingleton<TimeProvider>(time));
    }

    [TearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Guest_WhoDoesNotSubscribe_IsPutOutAfter30Seconds_AndBoardsStay()
    {
        await using MeadowBoard guest = await ConnectAsync();
        await using MeadowBoard board = await ConnectAsync();
        await board.SubscribeAsync();

        time.Advance(TimeSpan.FromSeconds(29));
        await guest.PingAsync();
        await board.PingAsync();
        time.Advance(TimeSpan.FromSeconds(1));

        await guest.Disconnected.WaitAsync(Patience.Limit);
        await board.PingAsync();
        Assert.That(board.IsConnected);
    }

    [Test]
    public async Task Guest_WhoSubscribesToNothingOfItsOwn_IsPutOutToo()
    {
        await using MeadowBoard guest = await ConnectAsync();
        await guest.SubscribeToAsync("#");

        time.Advance(TimeSpan.FromSeconds(30));

        await guest.Disconnected.WaitAsync(Patience.Limit);
    }

    private async Task<MeadowBoard> ConnectAsync()
    {
        var board = new MeadowBoard("d1", dashboard.Services.GetRequiredService<MqttBroker>().Port!.Value);
        await board.ConnectAsync();
        await board.PingAsync();
        return board;
    }
}
