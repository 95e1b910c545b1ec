namespace FeatureAlignment.Kernels;

/// <summary>The constants of Adam (Kingma and Ba 2015): decays of both running means and the term that keeps the divisor above 0.</summary>
internal readonly struct AdamCoefficients
{
    public readonly float MeanDecay;
    public readonly float SquareDecay;
    public readonly float Epsilon;

    public AdamCoefficients(float meanDecay, float squareDecay, float epsilon)
    {
        MeanDecay = meanDecay;
        SquareDecay = squareDecay;
        Epsilon = epsilon;
    }
}
