namespace FeatureAlignment.Simulator.Reports;

/// <summary>
/// One row of <c>metrics.csv</c>: what was measured at one point of training, of one layer or of the whole network.
/// Null means "not measured here"; NaN means "measured, and not a number", which leaves a gap in the curve.
/// </summary>
/// <param name="Step">Training samples shown so far, repetitions counted; never falls within a file.</param>
/// <param name="Epoch">Epochs finished so far: 0 during the first pass, n on the row of the evaluation after pass n.</param>
internal sealed record MetricRow(long Step, int Epoch)
{
    /// <summary>0-based layer, or null for the whole network.</summary>
    public int? Layer { get; init; }

    /// <summary>½‖x − x̂‖², mean per sample since the last row, before the weight α.</summary>
    public double? AlignmentLoss { get; init; }

    /// <summary>Cross-entropy of the label in nats, mean per sample since the last row, before the weight β.</summary>
    public double? LabelLoss { get; init; }

    public double? LearningRate { get; init; }

    /// <summary>Speed of the training loop since the last row.</summary>
    public double? SamplesPerSecond { get; init; }

    /// <summary>Fraction of the validation samples that are classified correctly, from 0 to 1.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Fraction of the test samples that are classified correctly, from 0 to 1.</summary>
    public double? TestAccuracy { get; init; }
}
