using System;

namespace FeatureAlignment.Device.Screen;

/// <summary>A picture of at most 32 x 32 grey cells: an image, or a window of sensor readings with a row for each channel.</summary>
public sealed class SmallPicture
{
    /// <summary>Most rows, and most columns; larger inputs are averaged down.</summary>
    public const int LargestSide = 32;

    private readonly byte[] cells = new byte[LargestSide * LargestSide];

    /// <summary>Rows that are there; 0 when there is no picture.</summary>
    public int Rows { get; private set; }

    /// <summary>Columns that are there; 0 when there is no picture.</summary>
    public int Columns { get; private set; }

    /// <summary>One cell: 0 is black, 255 is white.</summary>
    /// <param name="row">0-based, from the top.</param>
    /// <param name="column">0-based, from the left.</param>
    public byte this[int row, int column] => cells[(row * Columns) + column];

    /// <summary>Whether a cell is as wide as it is high: true of an image, false of readings.</summary>
    public bool HasSquareCells { get; private set; }

    /// <summary>Takes an image. Allocates nothing.</summary>
    /// <param name="pixels">
    /// [<paramref name="rows"/> x <paramref name="columns"/>], row after row; 0 is black, 1 white; NaN is black.
    /// </param>
    /// <param name="rows">1 or more.</param>
    /// <param name="columns">1 or more.</param>
    /// <exception cref="ArgumentException">The pixels are not rows times columns.</exception>
    public void SetImage(ReadOnlySpan<float> pixels, int rows, int columns)
    {
        Set(pixels, rows, columns, black: 0, white: 1);
        HasSquareCells = true;
    }

    /// <summary>Takes a window of readings. Allocates nothing.</summary>
    /// <param name="values">
    /// [<paramref name="channels"/> x <paramref name="readings"/>], channel after channel; NaN is black.
    /// </param>
    /// <param name="channels">1 or more: rows.</param>
    /// <param name="readings">1 or more: columns, oldest first.</param>
    /// <param name="black">The value that is black.</param>
    /// <param name="white">The value that is white, greater than <paramref name="black"/>.</param>
    /// <exception cref="ArgumentException">The values are not channels times readings.</exception>
    public void SetWindow(ReadOnlySpan<float> values, int channels, int readings, float black, float white)
    {
        Set(values, channels, readings, black, white);
        HasSquareCells = false;
    }

    /// <summary>Forgets the picture.</summary>
    public void Clear()
    {
        Rows = 0;
        Columns = 0;
    }

    // Comparisons with NaN are false, so it becomes black.
    private static byte ToGray(double share) => share > 0 ? (byte)((Math.Min(share, 1) * 255) + 0.5) : (byte)0;

    private void Set(ReadOnlySpan<float> values, int rows, int columns, float black, float white)
    {
        ArgumentChecks.InRange(rows, 1, int.MaxValue, nameof(rows));
        ArgumentChecks.InRange(columns, 1, int.MaxValue, nameof(columns));
        ArgumentChecks.SameLength(values.Length, rows * columns, nameof(values));
        Rows = Math.Min(rows, LargestSide);
        Columns = Math.Min(columns, LargestSide);
        for (int row = 0; row < Rows; row++)
        {
            int top = row * rows / Rows, bottom = (row + 1) * rows / Rows;
            for (int column = 0; column < Columns; column++)
            {
                int left = column * columns / Columns, right = (column + 1) * columns / Columns;
                double sum = 0;
                for (int y = top; y < bottom; y++)
                {
                    for (int x = left; x < right; x++)
                    {
                        sum += values[(y * columns) + x];
                    }
                }

                cells[(row * Columns) + column] = ToGray(((sum / ((bottom - top) * (right - left))) - black) / (white - black));
            }
        }
    }
}
