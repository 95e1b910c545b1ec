using System;
using System.Collections.Generic;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>Composes many small pictures into one, for the files of <c>simulator reconstruct</c>.</summary>
internal static class ImageSheet
{
    /// <summary>Gap between pictures, in pixels of the small pictures.</summary>
    private const int Gap = 2;

    private const byte GapGray = 96;

    /// <summary>
    /// One row per sample: input | reconstruction | error, and the picture decoded from the top where the samples have one.
    /// Each pixel becomes a square of <paramref name="scale"/> x <paramref name="scale"/>, at least 1.
    /// </summary>
    public static PngImage OfReconstructions(IReadOnlyList<Reconstruction> reconstructions, int scale = 1)
    {
        float errorScale = Reconstruction.LargestError(reconstructions);
        List<IReadOnlyList<PngImage>> rows = [];
        foreach (Reconstruction reconstruction in reconstructions)
        {
            List<PngImage> row =
            [
                PngImage.FromGray(reconstruction.Input),
                PngImage.FromGray(reconstruction.Output),
                PngImage.FromError(reconstruction.Input, reconstruction.Output, errorScale),
            ];
            if (reconstruction.Decoded is not null)
            {
                row.Add(PngImage.FromGray(reconstruction.Decoded));
            }

            rows.Add(row);
        }

        return Compose(rows, scale);
    }

    /// <summary>
    /// One row: what each class draws, every picture stretched to the full range.
    /// Each pixel becomes a square of <paramref name="scale"/> x <paramref name="scale"/>, at least 1.
    /// </summary>
    public static PngImage OfClassPictures(IReadOnlyList<GrayImage> pictures, int scale = 1)
    {
        List<PngImage> row = [];
        foreach (GrayImage picture in pictures)
        {
            row.Add(PngImage.FromGray(picture.Stretched()));
        }

        return Compose([row], scale);
    }

    /// <summary>Places pictures in a grid whose cells have the size of the largest picture; shorter rows end in gap colour.</summary>
    public static PngImage Compose(IReadOnlyList<IReadOnlyList<PngImage>> rows, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        int columns = 0;
        int cellWidth = 0;
        int cellHeight = 0;
        foreach (IReadOnlyList<PngImage> row in rows)
        {
            columns = Math.Max(columns, row.Count);
            foreach (PngImage picture in row)
            {
                cellWidth = Math.Max(cellWidth, picture.Width);
                cellHeight = Math.Max(cellHeight, picture.Height);
            }
        }

        if (columns == 0)
        {
            throw new ArgumentException("A sheet must have at least one picture; none given.", nameof(rows));
        }

        PngImage sheet = new(
            ((columns * (cellWidth + Gap)) + Gap) * scale, ((rows.Count * (cellHeight + Gap)) + Gap) * scale, channels: 3);
        for (int y = 0; y < sheet.Height; y++)
        {
            for (int x = 0; x < sheet.Width; x++)
            {
                sheet[x, y].Fill(GapGray);
            }
        }

        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < rows[row].Count; column++)
            {
                Place(rows[row][column], sheet, Gap + (column * (cellWidth + Gap)), Gap + (row * (cellHeight + Gap)), scale);
            }
        }

        return sheet;
    }

    private static void Place(PngImage picture, PngImage sheet, int left, int top, int scale)
    {
        for (int y = 0; y < picture.Height * scale; y++)
        {
            for (int x = 0; x < picture.Width * scale; x++)
            {
                ReadOnlySpan<byte> source = picture[x / scale, y / scale];
                Span<byte> target = sheet[(left * scale) + x, (top * scale) + y];
                if (source.Length == 1)
                {
                    target.Fill(source[0]);
                }
                else
                {
                    source.CopyTo(target);
                }
            }
        }
    }
}
