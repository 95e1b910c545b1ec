using System;
using System.Threading.Tasks;
using FeatureAlignment.DeviceApp.Board;
using FeatureAlignment.DeviceApp.Sensors;
using Meadow.Devices;

namespace FeatureAlignment.DeviceApp;

/// <summary>Composition root on a Project Lab with a Core-Compute module (v3 and later).</summary>
public sealed class ProjectLabApp : ProjectLabCoreComputeApp
{
    private ApplicationHost? host;

    /// <inheritdoc/>
    public override Task Initialize()
    {
        host = ApplicationHost.Create(Hardware.ComputeModule, Settings, sampling => new BoardParts(
            Hardware.RgbLed,
            Hardware.Display,
            ProjectLabSensors.Create(Hardware, sampling),
            BoardButtons.Of(Hardware)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task Run() => host!.Run(CancellationToken);

    /// <inheritdoc/>
    public override Task OnShutdown() => host?.StopAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public override Task OnError(Exception e)
    {
        host?.Report(e);
        return Task.CompletedTask;
    }
}
