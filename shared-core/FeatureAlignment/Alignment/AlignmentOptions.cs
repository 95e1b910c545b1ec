namespace FeatureAlignment.Alignment;

/// <summary>The guess of a layer's input from which the feature steps start.</summary>
public enum InputGuess
{
    /// <summary>r = 0: the default, and the one with the fast path.</summary>
    Zero,

    /// <summary>r drawn from the standard normal distribution, new for every sample and step.</summary>
    Random,
}

/// <summary>The settings of the alignment rule. Immutable.</summary>
public sealed record AlignmentOptions
{
    /// <summary>Most feature steps that are accepted.</summary>
    public const int LargestStepCount = 100;

    private readonly float alignmentWeight = 0.01f;
    private readonly float labelWeight = 1;
    private readonly float stepSize = 1;
    private readonly int steps = 1;
    private readonly float? smallestReluBias = 0.001f;

    /// <summary>α: weight of ½‖x − x̂‖² in the loss, 0 or greater; default 0.01.</summary>
    public float AlignmentWeight
    {
        get => alignmentWeight;
        init
        {
            ArgumentChecks.NotNegativeAndFinite(value, "Alignment weight");
            alignmentWeight = value;
        }
    }

    /// <summary>β: weight of the label's cross-entropy in the loss, 0 or greater; default 1. No effect without label inputs.</summary>
    public float LabelWeight
    {
        get => labelWeight;
        init
        {
            ArgumentChecks.NotNegativeAndFinite(value, "Label weight");
            labelWeight = value;
        }
    }

    /// <summary>T: feature steps, from 1 to <see cref="LargestStepCount"/>; default 1.</summary>
    public int Steps
    {
        get => steps;
        init
        {
            ArgumentChecks.InRange(value, 1, LargestStepCount, "Number of feature steps");
            steps = value;
        }
    }

    /// <summary>η: size of a feature step, greater than 0; default 1.</summary>
    public float StepSize
    {
        get => stepSize;
        init
        {
            ArgumentChecks.PositiveAndFinite(value, "Feature step size");
            stepSize = value;
        }
    }

    /// <summary>Where the feature steps start; default <see cref="InputGuess.Zero"/>.</summary>
    public InputGuess Guess { get; init; }

    /// <summary>
    /// Smallest bias that an update leaves on a relu neuron, 0 or greater, or null for none; default 0.001. With a zero guess a relu
    /// neuron whose bias falls to 0 gets no gradient ever again; this keeps every one of them learning.
    /// </summary>
    public float? SmallestReluBias
    {
        get => smallestReluBias;
        init
        {
            ArgumentChecks.NotNegativeAndFinite(value ?? 0, "Smallest relu bias");
            smallestReluBias = value;
        }
    }

    /// <summary>True when one step from a zero guess is asked for: the guess's output is then the same for all samples.</summary>
    public bool IsSingleStepFromZero => Steps == 1 && Guess == InputGuess.Zero;
}
