namespace FeatureAlignment.Alignment;

/// <summary>The losses of one layer, each the mean over a batch.</summary>
/// <param name="Feature">½‖h − σ(c₀)‖²: how far the output of the first guess is from the real output.</param>
/// <param name="Alignment">½‖x − x̂‖², without its weight α.</param>
/// <param name="Label">Cross-entropy of the label in nats, without its weight β; 0 without labels.</param>
public readonly record struct AlignmentLoss(float Feature, float Alignment, float Label)
{
    /// <summary>True when all three are numbers and finite.</summary>
    public bool IsFinite => !float.IsNaN(Feature + Alignment + Label) && !float.IsInfinity(Feature + Alignment + Label);
}
