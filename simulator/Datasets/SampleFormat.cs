using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>
/// What a run's samples look like. Kept in the run's folder, so that a network can be opened, and shown new samples, without the data set.
/// </summary>
internal sealed record SampleFormat
{
    /// <summary>Name of the data set, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Features of a sample.</summary>
    public required int Inputs { get; init; }

    /// <summary>Classes of the samples; 0 without labels.</summary>
    public required int Classes { get; init; }

    /// <summary>Samples of an epoch.</summary>
    public required int TrainingCount { get; init; }

    /// <summary>Width in pixels; null when the samples are no images.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>Height in pixels; null when the samples are no images.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>Name of each class by its index; empty without labels.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    public static SampleFormat Of(LoadedDataset dataset, int trainingCount) => new()
    {
        Name = dataset.Name,
        Inputs = dataset.Training.Inputs,
        Classes = dataset.Training.Classes,
        TrainingCount = trainingCount,
        ImageWidth = dataset.ImageWidth,
        ImageHeight = dataset.ImageHeight,
        ClassNames = dataset.ClassNames,
    };

    /// <exception cref="RunFileFormatException">The file is damaged or missing.</exception>
    public static SampleFormat Read(string path)
    {
        SampleFormat? format;
        try
        {
            format = JsonSerializer.Deserialize(File.ReadAllText(path), SampleFormatJson.Default.SampleFormat);
        }
        catch (JsonException exception)
        {
            throw Unreadable(path, exception.Message, exception);
        }
        catch (FileNotFoundException exception)
        {
            throw Unreadable(path, "the file is missing.", exception);
        }

        bool isSensible = format is { Inputs: > 0, TrainingCount: > 0 } && format.Classes == format.ClassNames.Count
            && (format.ImageWidth is null || format.ImageWidth * format.ImageHeight == format.Inputs);
        return isSensible ? format! : throw Unreadable(path, "its numbers do not fit together.", null);
    }

    public void Write(string path) =>
        RunFolder.WriteWhole(path, stream => JsonSerializer.Serialize(stream, this, SampleFormatJson.Default.SampleFormat));

    private static RunFileFormatException Unreadable(string path, string what, Exception? cause)
    {
        string message = $"The format of a run's samples can't be read from {path}: {what} Restore it, or start a new run.";
        return cause is null ? new RunFileFormatException(message) : new RunFileFormatException(message, cause);
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SampleFormat))]
internal sealed partial class SampleFormatJson : JsonSerializerContext;
