using System;
using FeatureAlignment.Device.Screen;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Screen;

public sealed class TextBufferTests
{
    [TestCase(0, "0")]
    [TestCase(-7, "−7")]
    [TestCase(1_234_567, "1234567")]
    [TestCase(long.MaxValue, "9223372036854775807")]
    [TestCase(long.MinValue, "−9223372036854775808")]
    public void Add_WholeNumber(long value, string expected) => Assert.That(Written(text => text.Add(value)), Is.EqualTo(expected));

    [TestCase(97.44, 1, "97.4")]
    [TestCase(97.25, 1, "97.3")]
    [TestCase(-0.04, 1, "0.0")]
    [TestCase(-2.5, 1, "−2.5")]
    [TestCase(0.05, 3, "0.050")]
    [TestCase(9.999, 2, "10.00")]
    [TestCase(double.NaN, 2, "–")]
    [TestCase(double.PositiveInfinity, 2, ">1e12")]
    [TestCase(double.NegativeInfinity, 2, "<−1e12")]
    public void AddFixed_HasSoManyDecimals(double value, int decimals, string expected) =>
        Assert.That(Written(text => text.AddFixed(value, decimals)), Is.EqualTo(expected));

    [TestCase(0, "0")]
    [TestCase(12345.6, "12346")]
    [TestCase(99.96, "100")]
    [TestCase(31.24, "31.2")]
    [TestCase(1.234, "1.23")]
    [TestCase(0.02134, "0.0213")]
    [TestCase(0.0000051, "0.000005")]
    public void AddShort_HasThreeSignificantDigits(double value, string expected) =>
        Assert.That(Written(text => text.AddShort(value)), Is.EqualTo(expected));

    [TestCase(-1, "–")]
    [TestCase(1023, "1023 B")]
    [TestCase(1024, "1.0 KB")]
    [TestCase(12_700, "12.4 KB")]
    [TestCase(1_023_950, "1.0 MB")]
    [TestCase(3 << 20, "3.0 MB")]
    public void AddBytes_HasAUnit(long bytes, string expected) => Assert.That(Written(text => text.AddBytes(bytes)), Is.EqualTo(expected));

    [TestCase(0, "0 s")]
    [TestCase(59.9, "59 s")]
    [TestCase(465, "07:45")]
    [TestCase(18_465, "5:07:45")]
    [TestCase((3 * 86_400) + 18_465, "3d 05:07")]
    public void AddDuration_HasTwoOrThreeParts(double seconds, string expected) =>
        Assert.That(Written(text => text.AddDuration(TimeSpan.FromSeconds(seconds))), Is.EqualTo(expected));

    [Test]
    public void Add_TooLong_EndsWithAnEllipsis()
    {
        TextBuffer text = new(5);

        Assert.That(text.Add("abcdefgh").Text.ToString(), Is.EqualTo("abcd…"));
        Assert.That(text.Clear().Add("abcde").Text.ToString(), Is.EqualTo("abcde"));
    }

    private static string Written(Func<TextBuffer, TextBuffer> write) => write(new TextBuffer(40)).Text.ToString();
}
