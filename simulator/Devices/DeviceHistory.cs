using System;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>What the world of a simulated device remembers between two calls: the device itself has its flash.</summary>
internal sealed record DeviceHistory
{
    /// <summary>How long the world has gone on.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>Seed of sensors, faults and network.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What the device learned from.</summary>
    public required string Source { get; init; }

    /// <summary>Kind of board.</summary>
    public required string Board { get; init; }

    /// <summary>When the bearing begins to wear; null for never, or when a file says it.</summary>
    public double? WearSeconds { get; init; }

    [JsonIgnore]
    public TimeSpan Elapsed => TimeSpan.FromSeconds(ElapsedSeconds);

    /// <summary>The history of a folder; null when it is new.</summary>
    /// <exception cref="RunFileFormatException">The file is damaged.</exception>
    /// <exception cref="UsageException">The call contradicts it.</exception>
    public static DeviceHistory? Read(DeviceRequest request)
    {
        string path = request.Folder.History;
        if (!File.Exists(path))
        {
            return null;
        }

        DeviceHistory history;
        try
        {
            history = JsonSerializer.Deserialize(File.ReadAllText(path), DeviceHistoryJson.Default.DeviceHistory)!;
        }
        catch (JsonException exception)
        {
            throw new RunFileFormatException(
                $"The history of a device can't be read from {path}: {exception.Message} Delete it, or choose another --folder.",
                exception);
        }

        Require("--source", history.Source, request.Source);
        Require("--board", history.Board, request.Board.Name);
        Require("--seed", OptionValue.Write(history.Seed), OptionValue.Write(request.Seed ?? history.Seed));
        return history;
    }

    public void Write(string path) =>
        RunFolder.WriteWhole(path, stream => JsonSerializer.Serialize(stream, this, DeviceHistoryJson.Default.DeviceHistory));

    private static void Require(string option, string stored, string given)
    {
        if (stored != given)
        {
            throw new UsageException(
                $"Option {option} can't change when a device goes on: it has {stored}, the call {given}; choose another --folder.");
        }
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DeviceHistory))]
internal sealed partial class DeviceHistoryJson : JsonSerializerContext;
