using System;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Screen;

/// <summary>
/// A picture in grey cells as large as fit: an image's are square, those of sensor windows fill the region. Where a display has no greys,
/// cells are drawn with ordered dithering (B. E. Bayer, "An optimum method for two-level rendition of continuous-tone pictures", 1973).
/// </summary>
internal sealed class PictureWidget : Widget
{
    private static readonly byte[] Bayer = { 0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5 };

    private readonly ScreenPalette palette;
    private readonly Func<ScreenModel, SmallPicture> choose;
    private readonly byte[] shown = new byte[SmallPicture.LargestSide * SmallPicture.LargestSide];
    private int shownRows = -1, shownColumns = -1;
    private bool shownSquare;

    public PictureWidget(ScreenRegion region, ScreenPalette palette, Func<ScreenModel, SmallPicture> choose)
        : base(region)
    {
        this.palette = palette;
        this.choose = choose;
    }

    public override bool Draw(IScreen screen, ScreenModel model)
    {
        SmallPicture picture = choose(model);
        bool isAllNew = picture.Rows != shownRows || picture.Columns != shownColumns || picture.HasSquareCells != shownSquare;
        if (isAllNew)
        {
            shownRows = picture.Rows;
            shownColumns = picture.Columns;
            shownSquare = picture.HasSquareCells;
            screen.Fill(Region.X, Region.Y, Region.Width, Region.Height, picture.Rows == 0 ? palette.Track : palette.Ground);
        }

        if (picture.Rows == 0)
        {
            return isAllNew;
        }

        int cellWidth = Math.Max(1, Region.Width / picture.Columns), cellHeight = Math.Max(1, Region.Height / picture.Rows);
        if (picture.HasSquareCells)
        {
            cellWidth = cellHeight = Math.Min(cellWidth, cellHeight);
        }

        int left = Region.X + (Math.Max(0, Region.Width - (cellWidth * picture.Columns)) / 2);
        int top = Region.Y + (Math.Max(0, Region.Height - (cellHeight * picture.Rows)) / 2);
        int rows = Math.Min(picture.Rows, Region.Height), columns = Math.Min(picture.Columns, Region.Width);
        bool hasDrawn = isAllNew;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int cell = (row * picture.Columns) + column;
                byte gray = picture[row, column];
                if (isAllNew || gray != shown[cell])
                {
                    shown[cell] = gray;
                    DrawCell(screen, left + (column * cellWidth), top + (row * cellHeight), cellWidth, cellHeight, gray);
                    hasDrawn = true;
                }
            }
        }

        return hasDrawn;
    }

    public override void Forget() => shownRows = shownColumns = -1;

    private void DrawCell(IScreen screen, int x, int y, int width, int height, byte gray)
    {
        if (palette.HasGrays)
        {
            screen.Fill(x, y, width, height, gray * 0x010101);
            return;
        }

        screen.Fill(x, y, width, height, palette.Ground);
        for (int row = y; row < y + height; row++)
        {
            for (int column = x; column < x + width; column++)
            {
                if (gray > (16 * Bayer[((row & 3) * 4) + (column & 3)]) + 8)
                {
                    screen.Fill(column, row, 1, 1, palette.Text);
                }
            }
        }
    }
}
