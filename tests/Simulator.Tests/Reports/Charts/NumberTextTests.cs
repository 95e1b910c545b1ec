using FeatureAlignment.Simulator.Reports.Charts;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports.Charts;

public sealed class NumberTextTests
{
    [TestCase(0, "0")]
    [TestCase(0.01243, "0.0124")]
    [TestCase(3.14159, "3.14")]
    [TestCase(-3.14159, "−3.14")]
    [TestCase(99.96, "100")]
    [TestCase(999.7, "1,000")]
    [TestCase(41_234, "41,234")]
    [TestCase(0.0001, "0.0001")]
    [TestCase(0.00000012, "1.2e−7")]
    [TestCase(123_456_789, "1.23e8")]
    [TestCase(double.NaN, "not a number")]
    public void Short_HasThreeSignificantDigits(double value, string expected) =>
        Assert.That(NumberText.Short(value), Is.EqualTo(expected));

    [TestCase(0.98714, "98.71\u00A0%")]
    [TestCase(1, "100.00\u00A0%")]
    [TestCase(double.NaN, "not a number")]
    public void Percent_HasTwoDecimals(double fraction, string expected) => Assert.That(NumberText.Percent(fraction), Is.EqualTo(expected));

    [TestCase(0, "0\u00A0B")]
    [TestCase(1023, "1023\u00A0B")]
    [TestCase(1024, "1.0\u00A0KB")]
    [TestCase(6_291_456, "6.00\u00A0MB")]
    [TestCase(3_221_225_472, "3.00\u00A0GB")]
    public void Bytes_CountsInUnitsOf1024(long bytes, string expected) => Assert.That(NumberText.Bytes(bytes), Is.EqualTo(expected));

    [TestCase(8.44, "8.4\u00A0s")]
    [TestCase(59.97, "1\u00A0min 0\u00A0s")]
    [TestCase(92, "1\u00A0min 32\u00A0s")]
    [TestCase(7_500, "2\u00A0h 5\u00A0min")]
    public void Duration_HasTwoUnits(double seconds, string expected) => Assert.That(NumberText.Duration(seconds), Is.EqualTo(expected));
}
