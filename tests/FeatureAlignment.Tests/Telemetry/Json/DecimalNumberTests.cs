using System;
using System.Globalization;
using System.Linq;
using System.Text;
using FeatureAlignment.Telemetry.Json;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Telemetry.Json;

/// <summary>Judged by the conversions of .NET, which are correctly rounded since 3.0; ours must agree without using them.</summary>
[TestFixture]
public sealed class DecimalNumberTests
{
    private const int Draws = 20_000;

    [TestCase(0, "0")]
    [TestCase(-0.0, "0")]
    [TestCase(1795350000000, "1795350000000")]
    [TestCase(0.1, "0.1")]
    [TestCase(-1.5, "-1.5")]
    [TestCase(0.00001234, "0.00001234")]
    [TestCase(0.000001234, "1.234e-6")]
    [TestCase(0.1 + 0.2, "0.30000000000000004")]
    [TestCase(1e22, "1e22")]
    [TestCase(9007199254740992d, "9007199254740992")]
    [TestCase(9007199254740993e3, "9.007199254740993e18")]
    [TestCase(double.MaxValue, "1.7976931348623157e308")]
    [TestCase(double.Epsilon, "5e-324")]
    [TestCase(2.2250738585072014e-308, "2.2250738585072014e-308")]
    [TestCase(4.1045368012983762e-289, "4.1045368012983762e-289")] // 2^-958, as Python has it
    public void Format_OfKnownNumber_IsShortest(double value, string expected) =>
        Assert.That(DecimalNumber.Format(value), Is.EqualTo(expected));

    [Test]
    public void Format_OfRandomBits_HasAsFewDigitsAsDotNetAndReadsBack()
    {
        const ulong Seed = 71;
        var random = new RandomSource(Seed);
        for (int i = 0; i < Draws; i++)
        {
            double value = RandomNumber(random, i);
            string text = DecimalNumber.Format(value), theirs = value.ToString("R", CultureInfo.InvariantCulture);
            Assert.That(double.Parse(text, CultureInfo.InvariantCulture), Is.EqualTo(value), $"seed {Seed}, draw {i}: {text}, {theirs}");
            if (double.Parse(theirs, CultureInfo.InvariantCulture) == value)
            {
                // .NET's form of some powers of two, such as 2^-958, is one digit too short to read back.
                Assert.That(Digits(text), Is.EqualTo(Digits(theirs)), $"seed {Seed}, draw {i}: {theirs}");
            }
        }
    }

    [Test]
    public void TryParse_OfRandomDecimals_IsCorrectlyRounded()
    {
        const ulong Seed = 72;
        var random = new RandomSource(Seed);
        for (int i = 0; i < Draws; i++)
        {
            string digits = string.Concat(
                Enumerable.Range(0, 1 + random.NextInt32(25)).Select(_ => (char)('0' + random.NextInt32(10))));
            string text = digits.TrimStart('0') + "5." + random.NextUInt32().ToString(CultureInfo.InvariantCulture)
                + "e" + (random.NextInt32(700) - 360).ToString(CultureInfo.InvariantCulture);
            double expected = double.Parse(text, CultureInfo.InvariantCulture);
            bool isRead = DecimalNumber.TryParse(Encoding.ASCII.GetBytes(text), out double value);
            Assert.That(isRead, Is.EqualTo(double.IsFinite(expected)), $"seed {Seed}, draw {i}: {text}");
            Assert.That(value, Is.EqualTo(expected), $"seed {Seed}, draw {i}: {text}");
        }
    }

    [Test]
    public void TryParse_OfRandomShortDecimals_IsCorrectlyRounded()
    {
        const ulong Seed = 73;
        var random = new RandomSource(Seed);
        for (int i = 0; i < Draws; i++)
        {
            string fraction = string.Concat(Enumerable.Range(0, random.NextInt32(13)).Select(_ => (char)('0' + random.NextInt32(10))));
            string text = (random.NextInt32(2) == 0 ? "-" : "") + random.NextInt32(1_000).ToString(CultureInfo.InvariantCulture)
                + (fraction.Length > 0 ? "." : "") + fraction;
            Assert.That(DecimalNumber.TryParse(Encoding.ASCII.GetBytes(text), out double value), $"seed {Seed}, draw {i}: {text}");
            Assert.That(value, Is.EqualTo(double.Parse(text, CultureInfo.InvariantCulture)), $"seed {Seed}, draw {i}: {text}");
        }
    }

    [TestCase("9007199254740993", 9007199254740992d)] // halfway: to even
    [TestCase("9007199254740993.0000000000000000000000000001", 9007199254740994d)]
    [TestCase("2.4703282292062327e-324", 0)]
    [TestCase("2.4703282292062328e-324", double.Epsilon)]
    [TestCase("1.7976931348623158e308", double.MaxValue)]
    [TestCase("1e-99999999999999999999", 0)]
    [TestCase("0e99999999999999999999", 0)]
    public void TryParse_AtTheEdges_RoundsHalfToEven(string text, double expected)
    {
        Assert.That(DecimalNumber.TryParse(Encoding.ASCII.GetBytes(text), out double value), Is.True);
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("01")]
    [TestCase("+1")]
    [TestCase(".5")]
    [TestCase("1.")]
    [TestCase("-.5")]
    [TestCase("-01.5")]
    [TestCase("1.2.3")]
    [TestCase("1-2")]
    [TestCase("1e")]
    [TestCase("1e+")]
    [TestCase("1 ")]
    [TestCase("0x1")]
    [TestCase("1e309")]
    [TestCase("11111111111111111111111111111111111111111111111111111111111111111")]
    public void TryParse_OfOtherForms_RefusesThem(string text) =>
        Assert.That(DecimalNumber.TryParse(Encoding.ASCII.GetBytes(text), out _), Is.False);

    [Test]
    public void FromSingle_OfRandomFloats_ComesBackAndIsShort()
    {
        const ulong Seed = 73;
        var random = new RandomSource(Seed);
        for (int i = 0; i < Draws; i++)
        {
            float value = BitConverter.UInt32BitsToSingle(random.NextUInt32());
            if (float.IsFinite(value) && float.IsNormal(value))
            {
                double sent = DecimalNumber.FromSingle(value);
                Assert.That((float)sent, Is.EqualTo(value), $"seed {Seed}, draw {i}");
                Assert.That(Digits(DecimalNumber.Format(sent)), Has.Length.LessThanOrEqualTo(9), $"seed {Seed}, draw {i}");
            }
        }
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void Format_OfNonFinite_Throws(double value) =>
        Assert.That(() => DecimalNumber.Format(value), Throws.InstanceOf<ArgumentException>());

    private static double RandomNumber(RandomSource random, int draw)
    {
        while (true)
        {
            ulong bits = random.NextUInt64();
            double value = (draw % 4) switch
            {
                0 => BitConverter.UInt64BitsToDouble(bits),
                1 => BitConverter.UInt64BitsToDouble(bits & 0x800F_FFFF_FFFF_FFFF), // subnormal
                2 => BitConverter.UInt64BitsToDouble(bits & 0xFFF0_0000_0000_0000), // powers of two: neighbours at unequal distances
                _ => (long)(bits >> 24) / 1e9,
            };
            if (double.IsFinite(value))
            {
                return value;
            }
        }
    }

    private static string Digits(string text) =>
        new string([.. text.Split('E', 'e')[0].Where(char.IsAsciiDigit)]).Trim('0');
}
