using System;

namespace FeatureAlignment.Kernels;

/// <summary>
/// One sample's way through the weights of a layer, as often as asked for: what a benchmark times. It has no clock of its own.
/// </summary>
public sealed class ProductWorkload
{
    private readonly KernelSet kernels;
    private readonly Matrix input;
    private readonly Matrix weights;
    private readonly Matrix output;

    /// <summary>Allocates and fills the matrices; nothing is allocated later.</summary>
    /// <param name="kernels">The arithmetic.</param>
    /// <param name="rows">Rows of weights, 1 or more.</param>
    /// <param name="rowLength">Their length, 1 or more; all rows together must fit an array.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public ProductWorkload(KernelSet kernels, int rows, int rowLength)
    {
        ArgumentChecks.NotNull(kernels, nameof(kernels));
        ArgumentChecks.InRange(rows, 1, int.MaxValue, nameof(rows));
        ArgumentChecks.InRange(rowLength, 1, int.MaxValue / rows, nameof(rowLength));
        this.kernels = kernels;
        input = new Matrix(Fill(rowLength), 1, rowLength);
        weights = new Matrix(Fill(rows * rowLength), rows, rowLength);
        output = new Matrix(new float[rows], 1, rows);
    }

    /// <summary>Multiply-adds of one product.</summary>
    public long MultiplyAdds => (long)weights.Rows * weights.Columns;

    /// <summary>The newest product, [rows].</summary>
    public ReadOnlySpan<float> Output => output.Row(0);

    /// <summary>Multiplies the weights by the input. Allocates nothing.</summary>
    /// <param name="times">How often, 0 or more.</param>
    public void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            kernels.MultiplyTransposed(input, weights, output);
        }
    }

    // Eighths from -1 to 1: exact in every sum of a few thousand products, and never subnormal, which would be slow.
    private static float[] Fill(int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((i * 7 % 17) - 8) / 8f;
        }

        return values;
    }
}
