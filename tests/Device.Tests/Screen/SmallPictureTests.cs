using System;
using System.Linq;
using FeatureAlignment.Device.Screen;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Screen;

public sealed class SmallPictureTests
{
    [Test]
    public void SetImage_ClampsAndRounds()
    {
        SmallPicture picture = new();
        picture.SetImage([0, 0.5f, 1, -3, 7, float.NaN], rows: 2, columns: 3);

        Assert.That(Cells(picture), Is.EqualTo(new[] { 0, 128, 255, 0, 255, 0 }));
    }

    [Test]
    public void SetWindow_ScalesToItsRange()
    {
        SmallPicture picture = new();
        picture.SetWindow([-2, 0, 2], channels: 1, readings: 3, black: -2, white: 2);

        Assert.That((Cells(picture)[1], Cells(picture)[2], picture.HasSquareCells), Is.EqualTo((128, 255, false)));
    }

    [Test]
    public void SetWindow_LongerThanItHolds_IsAveraged()
    {
        float[] values = Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? 0f : 1f).ToArray();
        SmallPicture picture = new();
        picture.SetWindow(values, channels: 1, readings: 64, black: 0, white: 1);

        Assert.That((picture.Rows, picture.Columns), Is.EqualTo((1, SmallPicture.LargestSide)));
        Assert.That(Cells(picture), Is.All.EqualTo(128));
    }

    [Test]
    public void SetImage_OtherLength_Throws() =>
        Assert.That(() => new SmallPicture().SetImage([1, 2, 3], rows: 2, columns: 2), Throws.InstanceOf<ArgumentException>());

    private static int[] Cells(SmallPicture picture) =>
        Enumerable.Range(0, picture.Rows * picture.Columns).Select(i => (int)picture[i / picture.Columns, i % picture.Columns]).ToArray();
}
