using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Simulator.Commands;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>The settings of a simulated device: those of its file, and for the others what suits its source and the call.</summary>
internal static class DeviceDefaults
{
    // What the application holds beside its training: spool, reports, file buffers, and what the runtime notes of them.
    private const long HeldBesideTraining = 384 << 10;

    /// <exception cref="UsageException">The settings can't be read, or some are wrong; a line for each.</exception>
    public static (IReadOnlyList<KeyValuePair<string, string>> Pairs, DeviceSettings Settings) Read(DeviceRequest request)
    {
        string? file = request.SettingsFile ?? (File.Exists(request.Folder.Settings) ? request.Folder.Settings : null);
        List<string> problems = [];
        IReadOnlyList<KeyValuePair<string, string>> given = file is null ? [] : ReadFile(file, problems);
        HashSet<string> keys = new(given.Select(pair => pair.Key), StringComparer.OrdinalIgnoreCase);
        List<KeyValuePair<string, string>> pairs =
            [.. given, .. Defaults(request).Where(pair => !keys.Contains(pair.Key)).DistinctBy(pair => pair.Key)];
        SettingsResult result = SettingsReader.Read(pairs);
        problems.AddRange(result.Problems);
        return problems.Count == 0
            ? (pairs, result.Settings)
            : throw new UsageException([.. problems.Select(problem => $"{file ?? "Settings"}: {problem}")]);
    }

    private static IReadOnlyList<KeyValuePair<string, string>> ReadFile(string path, List<string> problems)
    {
        try
        {
            return SettingsReader.ReadLines(File.ReadAllText(path), problems);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Option --settings must name a file of lines 'Key: value'; {exception.Message}");
        }
    }

    // The first of a key counts.
    private static IEnumerable<KeyValuePair<string, string>> Defaults(DeviceRequest request)
    {
        if (request.MemoryBytes is { } memory)
        {
            yield return new("Memory.Budget", $"{Math.Max(64 << 10, memory - HeldBesideTraining)}B");
        }

        if (request.PictureFile is not null && request.Speed is null)
        {
            // Nobody can look at it faster.
            yield return new("Screen.Period", "1m");
        }

        if (!request.IsFiles)
        {
            yield break;
        }

        // As the preset board of train, with a second layer.
        yield return new("Goal", "classification");
        yield return new("Source", "files");
        yield return new("Network.Layers", "256,128");
        yield return new("Network.Activation", "relu");
        yield return new("Training.Labels", "completed");
        yield return new("Training.Optimizer", "sgd");
        yield return new("Training.LearningRate", "0.02");
        yield return new("Training.Decay", "linear");
        yield return new("Training.AlignmentWeight", "0.01");
    }
}
