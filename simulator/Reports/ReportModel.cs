using System.Collections.Generic;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>Everything <see cref="HtmlReport"/> shows. Parts that are empty are left out of the page.</summary>
internal sealed record ReportModel
{
    public required RunResult Result { get; init; }

    /// <summary>The rows of <c>metrics.csv</c>, in the order of the file.</summary>
    public required IReadOnlyList<MetricRow> Metrics { get; init; }

    /// <summary>Test samples with their reconstructions, for image data.</summary>
    public IReadOnlyList<Reconstruction> Reconstructions { get; init; } = [];

    /// <summary>What each class draws, in the order of the classes; each picture is stretched to the full range.</summary>
    public IReadOnlyList<GrayImage> ClassPictures { get; init; } = [];
}
