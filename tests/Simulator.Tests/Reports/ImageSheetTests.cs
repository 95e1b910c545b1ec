using System;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports;

public sealed class ImageSheetTests
{
    private static readonly GrayImage Black = new(2, 1, [0, 0]);

    private static readonly GrayImage White = new(2, 1, [1, 1]);

    [Test]
    public void Reconstructions_StandInRowsOfThree()
    {
        // Cells of 2 x 1 with gaps of 2 around each: 3 columns, 2 rows.
        PngImage sheet = ImageSheet.OfReconstructions([new Reconstruction(White, Black), new Reconstruction(Black, White)]);

        Assert.Multiple(() =>
        {
            Assert.That((sheet.Width, sheet.Height), Is.EqualTo((14, 8)));
            Assert.That(sheet[2, 2].ToArray(), Is.All.EqualTo(255), "first input");
            Assert.That(sheet[6, 2].ToArray(), Is.All.Zero, "first reconstruction");
            Assert.That(sheet[10, 2][2], Is.EqualTo(255), "first error: too dark");
            Assert.That(sheet[2, 5].ToArray(), Is.All.Zero, "second input");
            Assert.That(sheet[10, 5][0], Is.EqualTo(255), "second error: too bright");
        });
    }

    [Test]
    public void Reconstructions_WithDecoded_HaveFourColumns()
    {
        PngImage sheet = ImageSheet.OfReconstructions([new Reconstruction(Black, Black, Decoded: White)]);

        Assert.That(sheet[14, 2].ToArray(), Is.All.EqualTo(255));
    }

    [Test]
    public void Scale_TurnsPixelsIntoSquares()
    {
        PngImage sheet = ImageSheet.OfClassPictures([new GrayImage(2, 1, [0, 1])], scale: 3);

        Assert.Multiple(() =>
        {
            Assert.That((sheet.Width, sheet.Height), Is.EqualTo((18, 15)));
            Assert.That(sheet[8, 6].ToArray(), Is.All.Zero, "last of the black square");
            Assert.That(sheet[9, 8].ToArray(), Is.All.EqualTo(255), "first of the white square");
            Assert.That(sheet[12, 8].ToArray(), Is.All.Not.EqualTo(255), "gap");
        });
    }

    [Test]
    public void Compose_Nothing_Throws() => Assert.That(() => ImageSheet.Compose([], 1), Throws.ArgumentException);

    [Test]
    public void Compose_ScaleOfZero_Throws() =>
        Assert.That(() => ImageSheet.OfClassPictures([Black], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
