using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Tests.Runs;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Devices;

/// <summary>Calls of <c>device</c> in a folder of their own, with their results.</summary>
internal sealed class DeviceCall : IDisposable
{
    public WholeSimulator Simulator { get; } = new();

    /// <summary>Result of the last call.</summary>
    public JsonNode Result => JsonNode.Parse(File.ReadAllText(Simulator.In("device.json")))!;

    public string Digest => (string)Result["weightsSha256"]!;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(Simulator.In(name), text);
        return Simulator.In(name);
    }

    /// <summary>As <see cref="WholeSimulator.RunAsync(string)"/>; "BOARD" stands for the device's folder.</summary>
    public Task<int> RunAsync(string options, string folder = "board") =>
        Simulator.RunAsync($"device --folder {Simulator.In(folder)} --json {Simulator.In("device.json")} {options}");

    public async Task SucceedAsync(string options, string folder = "board") =>
        Assert.That(await RunAsync(options, folder), Is.EqualTo(ExitCode.Success), () => Simulator.Error + Simulator.Output);

    /// <summary>Any other command, which must succeed.</summary>
    public async Task CallAsync(string call) =>
        Assert.That(await Simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => Simulator.Error + Simulator.Output);

    public void Dispose() => Simulator.Dispose();
}
