using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>What a command works on: the samples and what is known of them.</summary>
/// <param name="Name">"digits", "mnist", "fashion-mnist", or the name of a table's file.</param>
/// <param name="Training">Samples to learn from.</param>
/// <param name="Test">Samples never learnt from, of the same shape.</param>
/// <param name="Source">Where they come from, in words for a report.</param>
internal sealed record LoadedDataset(string Name, ISampleSource Training, ISampleSource Test, string Source)
{
    /// <summary>Width in pixels; null when the samples are no images.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>Height in pixels; null when the samples are no images.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>Name of each class by its index; empty when the samples carry no label.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>How a row of a table becomes features; null for images. A run keeps it for later predictions.</summary>
    public FeatureScaling? Scaling { get; init; }
}

/// <summary>What the user asked for. Nothing at all means the digits that the program draws.</summary>
/// <remarks>The command line has checked that the options go together.</remarks>
internal sealed record DatasetRequest
{
    /// <summary>One of <see cref="DatasetCatalog.Names"/>.</summary>
    public string Name { get; init; } = DatasetCatalog.Digits;

    /// <summary>A folder with IDX files, or the file of a table; null when not given.</summary>
    public string? DataPath { get; init; }

    /// <summary>The table's column that holds the classes; null to learn without classes.</summary>
    public string? LabelColumn { get; init; }
}

/// <summary>The samples asked for are not here and could not be brought here. The message says what to do.</summary>
internal sealed class DatasetUnavailableException(string message, Exception? innerException = null)
    : IOException(message, innerException);
