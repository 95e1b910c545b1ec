using System;
using System.Diagnostics;

namespace FeatureAlignment.Kernels;

/// <summary>A view of a row-major matrix inside a caller's array: no copy, no allocation.</summary>
/// <remarks>Element (r, c) is at <c>Data[Offset + r * Stride + c]</c>; <see cref="Stride"/> is at least <see cref="Columns"/>.</remarks>
public readonly struct Matrix
{
    /// <summary>The array that holds the elements.</summary>
    public float[] Data { get; }

    /// <summary>Index of element (0, 0).</summary>
    public int Offset { get; }

    /// <summary>Number of rows, 0 or more.</summary>
    public int Rows { get; }

    /// <summary>Number of columns, 0 or more.</summary>
    public int Columns { get; }

    /// <summary>Elements from one row's start to the next one's.</summary>
    public int Stride { get; }

    /// <summary>Views a whole array as [<paramref name="rows"/> x <paramref name="columns"/>], rows one behind the other.</summary>
    /// <exception cref="ArgumentException">The array is shorter than the view.</exception>
    public Matrix(float[] data, int rows, int columns)
        : this(data, 0, rows, columns, columns)
    {
    }

    /// <summary>Views a part of an array.</summary>
    /// <exception cref="ArgumentException">The view would leave the array.</exception>
    public Matrix(float[] data, int offset, int rows, int columns, int stride)
    {
        ArgumentChecks.NotNull(data, nameof(data));
        if (offset < 0 || rows < 0 || columns < 0 || stride < columns
            || (rows > 0 && offset + ((long)(rows - 1) * stride) + columns > data.Length))
        {
            throw new ArgumentException(
                $"A matrix view must lie inside its array; [{rows} x {columns}] with stride {stride} at {offset} "
                + $"leaves {data.Length} elements.");
        }

        Data = data;
        Offset = offset;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>One row, [<see cref="Columns"/>].</summary>
    public Span<float> Row(int rowIndex)
    {
        Debug.Assert((uint)rowIndex < (uint)Rows, "row outside the matrix");
        return new Span<float>(Data, Offset + (rowIndex * Stride), Columns);
    }

    /// <summary>A band of rows, same columns.</summary>
    public Matrix RowRange(int firstRow, int rowCount) => new(Data, Offset + (firstRow * Stride), rowCount, Columns, Stride);

    /// <summary>A band of columns, same rows.</summary>
    public Matrix ColumnRange(int firstColumn, int columnCount) => new(Data, Offset + firstColumn, Rows, columnCount, Stride);
}
