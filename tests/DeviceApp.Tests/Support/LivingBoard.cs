using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Device;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.DeviceApp.Board;
using FeatureAlignment.DeviceApp.Sensors;
using FeatureAlignment.DeviceApp.Uplink;
using Meadow.Cloud;
using Meadow.Units;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests.Support;

/// <summary>
/// The whole application on a Project Lab, with time that passes as fast as it is waited for, chips that measure and a cloud that posts
/// while it passes. All of that happens on the application's thread, so a run is the same every time up to where a test stops it.
/// </summary>
internal sealed class LivingBoard
{
    private static readonly Dictionary<string, string> Ordinary = new()
    {
        ["Report.Uplink"] = "meadow-cloud",
        ["Benchmark.AtFirstStart"] = "false",
        ["Sensors.Names"] = "temperature,humidity",
    };

    private readonly FakeBoard board;
    private Task? run;

    public LivingBoard(FakeBoard board, params (string Key, string Value)[] settings)
    {
        this.board = board;
        Lab = new FakeProjectLab(board);
        var texts = new Dictionary<string, string>(Ordinary);
        foreach ((string key, string value) in settings)
        {
            texts[key] = value;
        }

        DeviceSettings read = SettingsReader.Read(texts).Settings;
        var sampling = Sampling.For(read.SensorPeriod, Clock, board.Logger);
        var parts = new BoardParts(Lab.Led, Lab.Display, ProjectLabSensors.Create(Lab, sampling), BoardButtons.Of(Lab));
        var platform = new BoardPlatform(
            Lab.ComputeModule, Clock, parts, UplinkChoice.Create(read, Clock, board.Logger),
            new RestartReasons(board, board.DataDirectory, board.Logger), board.Logger);
        Host = new ApplicationHost(platform, stop => new DeviceApplication(platform, texts, logger: board.Logger).Run(stop), board.Logger);
        Clock.Passing = Pass;
    }

    public FakeClock Clock { get; } = new();

    public FakeProjectLab Lab { get; }

    public ApplicationHost Host { get; }

    public bool IsThermometerDead { get; set; }

    public bool IsCloudAnswering { get; set; } = true;

    public Task Run() => run ??= Host.Run(CancellationToken.None);

    /// <summary>Lets time pass until something holds; fails when the application ends first, or a minute was not enough.</summary>
    public void Until(Func<bool> holds, string what)
    {
        Run();
        SpinWait.SpinUntil(() => holds() || run!.IsCompleted, TimeSpan.FromMinutes(1));
        Assert.That(holds(), Is.True, what);
    }

    public async Task Stop()
    {
        await Host.StopAsync();
        await run!;
    }

    /// <summary>Events of a kind that went to the cloud.</summary>
    public IEnumerable<CloudEvent> Sent(string kind) =>
        board.Cloud.Sent.Where(sent => sent.Measurements.TryGetValue("kind", out object? value) && (string)value == kind);

    private void Pass()
    {
        double phase = Clock.Uptime.TotalSeconds / 600;
        if (!IsThermometerDead)
        {
            Lab.Thermometer.Measure(new Temperature(20 + Math.Sin(phase)));
        }

        Lab.Hygrometer.Measure(new RelativeHumidity(50 + (5 * Math.Cos(phase))));
        if (IsCloudAnswering && board.Cloud.Queue.Count > 0)
        {
            board.Cloud.PostOne();
        }
    }
}
