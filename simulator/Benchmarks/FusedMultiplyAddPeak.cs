using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FeatureAlignment.Simulator.Benchmarks;

/// <summary>
/// What a core can do at most: fused multiply-adds between registers, nothing read or written. Twelve independent sums hide the latency of
/// any current processor (four or five cycles, two instructions a cycle), and with two factors fit sixteen registers.
/// </summary>
internal static class FusedMultiplyAddPeak
{
    private const int Sums = 12;

    // The sums tend to 1 / (1 − Factor) · Addend: neither to infinity nor to denormal numbers, whose arithmetic is slower.
    private const float Factor = 0.999f;
    private const float Addend = 0.001f;

    /// <summary>Bits of the vectors that this machine multiplies in one instruction.</summary>
    public static int WidthInBits { get; } =
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Floating-point operations of one turn of the loop, two for each multiply-add.</summary>
    public static int OperationsPerTurn => 2 * Sums * (WidthInBits / (8 * sizeof(float)));

    /// <summary>Runs the loop.</summary>
    /// <returns>A value that depends on every operation, so that none can be left out.</returns>
    public static float Run(int turns) => WidthInBits switch
    {
        512 => Run512(turns),
        256 => Run256(turns),
        _ => Run128(turns),
    };

    // The three forms differ in the width alone; written out, because a vector that is not a local stays in no register.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run512(int turns)
    {
        Vector512<float> x = Vector512.Create(Factor), y = Vector512.Create(Addend);
        Vector512<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int turn = 0; turn < turns; turn++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run256(int turns)
    {
        Vector256<float> x = Vector256.Create(Factor), y = Vector256.Create(Addend);
        Vector256<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int turn = 0; turn < turns; turn++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run128(int turns)
    {
        Vector128<float> x = Vector128.Create(Factor), y = Vector128.Create(Addend);
        Vector128<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int turn = 0; turn < turns; turn++)
        {
            a = Vector128.FusedMultiplyAdd(a, x, y);
            b = Vector128.FusedMultiplyAdd(b, x, y);
            c = Vector128.FusedMultiplyAdd(c, x, y);
            d = Vector128.FusedMultiplyAdd(d, x, y);
            e = Vector128.FusedMultiplyAdd(e, x, y);
            f = Vector128.FusedMultiplyAdd(f, x, y);
            g = Vector128.FusedMultiplyAdd(g, x, y);
            h = Vector128.FusedMultiplyAdd(h, x, y);
            i = Vector128.FusedMultiplyAdd(i, x, y);
            j = Vector128.FusedMultiplyAdd(j, x, y);
            k = Vector128.FusedMultiplyAdd(k, x, y);
            l = Vector128.FusedMultiplyAdd(l, x, y);
        }

        return Vector128.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
