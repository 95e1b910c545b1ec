using System.Linq;
using FeatureAlignment.Dashboard.Layout;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Layout;

[TestFixture]
public sealed class FormatTests
{
    [Test]
    public void Number_HasFourDigits_UnlessItIsWhole() => Assert.That(
        WrittenNumbers.Plain.Select(one => Format.Number(one.Number)), Is.EqualTo(WrittenNumbers.Plain.Select(one => one.Text)));

    [Test]
    public void Bytes_HaveFourDigits_UnlessTheyAreWhole() => Assert.That(
        WrittenNumbers.Bytes.Select(one => Format.Bytes(one.Number)), Is.EqualTo(WrittenNumbers.Bytes.Select(one => one.Text)));

    [Test]
    public void Value_InTheUnitOfShares_IsInPercent() => Assert.That(
        WrittenNumbers.Shares.Select(one => Format.Value(one.Number, "%")), Is.EqualTo(WrittenNumbers.Shares.Select(one => one.Text)));
}
