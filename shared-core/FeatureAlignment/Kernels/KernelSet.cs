using System;

namespace FeatureAlignment.Kernels;

/// <summary>
/// The arithmetic that learning needs, in one form for one kind of machine: three matrix products over row-major matrices and
/// the optimizers' updates. Chosen once, when a trainer is built; every call goes to the chosen form.
/// </summary>
/// <remarks>
/// Each product states what it equals in plain operations. Every output element is summed by one thread, in an order that depends on
/// the length of the sum alone, so that neither the number of threads, nor the split into blocks, nor the samples that stand beside one
/// change a bit of its result. Between forms the last digits differ
/// (the vector form rounds a multiply-add once, the scalar form twice). NaN and infinities propagate as in plain arithmetic; nothing is
/// skipped because it is zero.
/// </remarks>
public abstract partial class KernelSet
{
    /// <summary>
    /// Rows of weights are visited in blocks of a multiple of this many, so that a block's sums are grouped alike wherever it is cut.
    /// </summary>
    public const int RowGroup = 8;

    private protected KernelSet()
    {
    }

    /// <summary>Plain single-precision arithmetic, the same bits on every runtime: the board's form.</summary>
    public static KernelSet Scalar { get; } = new ScalarKernels();

    /// <summary>The fastest form that this machine has; <see cref="Scalar"/> where there is no vector unit with fused
    /// multiply-add.</summary>
    public static KernelSet Best { get; } = SelectBest();

    /// <summary>The form's name as results record it: <c>scalar</c> or <c>vector</c>.</summary>
    public abstract string Name { get; }

    /// <summary>c[m, n] = Σ_k a[m, k] · b[n, k]: BLAS sgemm with B transposed. a [M x K], b [N x K], c [M x N], overwritten.</summary>
    internal abstract void MultiplyTransposed(in Matrix a, in Matrix b, in Matrix c);

    /// <summary>
    /// c[m, n] += Σ_k a[m, k] · b[k, n], k ascending: BLAS sgemm with β = 1. a [M x K], b [K x N], c [M x N]. The scalar form adds four
    /// products at a time, so a sum may be cut at multiples of <see cref="RowGroup"/> only.
    /// </summary>
    internal abstract void AddMultiply(in Matrix a, in Matrix b, in Matrix c);

    /// <summary>
    /// c[m, n] += Σ_k a[k, m] · b[k, n], k ascending: BLAS sgemm with A transposed and β = 1, sger for one sample.
    /// a [K x M], b [K x N], c [M x C] with C ≥ N; columns from N on stay as they are.
    /// </summary>
    internal abstract void AddTransposedMultiply(in Matrix a, in Matrix b, in Matrix c);

    /// <summary>
    /// c[m, n] += Σ_k a1[k, m] · b1[k, n] + Σ_k a2[k, m] · b2[k, n]: both halves of the rule's
    /// gradient in one pass over c. Shapes as in <see cref="AddTransposedMultiply"/>, each pair with its own width.
    /// </summary>
    internal abstract void AddTransposedMultiplyPair(
        in Matrix a1, in Matrix b1, in Matrix a2, in Matrix b2, in Matrix c);

    /// <summary>
    /// s = η d ⊙ (h − g): what a feature step sends back from one sample's output. All [N]; s is overwritten.
    /// </summary>
    /// <returns>‖h − g‖².</returns>
    internal abstract float MakeFeatures(
        ReadOnlySpan<float> h, ReadOnlySpan<float> g, ReadOnlySpan<float> d, float stepSize, Span<float> s);

    /// <summary>
    /// The error of one sample at the pre-activation and its share of the gradient of b, for one feature step from a zero guess:
    /// up = η q ⊙ d ⊙ slope; biasGradient += up + η q ⊙ (curvature ⊙ (h − g) − d²). All [N]; q is replaced by up.
    /// </summary>
    internal abstract void MakeErrors(
        Span<float> q, ReadOnlySpan<float> h, ReadOnlySpan<float> g, ReadOnlySpan<float> d, ReadOnlySpan<float> curvature,
        ReadOnlySpan<float> slope, float stepSize, Span<float> biasGradient);

    /// <summary>r = weight · (x − r): the weighted residual takes the place of a reconstruction. Both [N].</summary>
    /// <returns>‖x − r‖², unweighted.</returns>
    internal abstract float ReplaceByResidual(ReadOnlySpan<float> x, Span<float> r, float weight);

    /// <summary>v = momentum · v + gradient; parameters += rate · v. All [N]; gradient points downhill.</summary>
    internal abstract void Momentum(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum);

    /// <summary>
    /// m = β1 · m + (1 − β1) · g; v = β2 · v + (1 − β2) · g²; parameters += rate · m / (√v + ε). All [N]; g points downhill; the bias
    /// correction is part of <paramref name="rate"/>.
    /// </summary>
    internal abstract void Adam(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, float rate,
        in AdamCoefficients coefficients);

    static partial void FindVectorForm(ref KernelSet best);

    private static KernelSet SelectBest()
    {
        KernelSet best = Scalar;
        FindVectorForm(ref best);
        return best;
    }
}
