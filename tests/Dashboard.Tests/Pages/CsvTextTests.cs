using FeatureAlignment.Dashboard.Layout;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class CsvTextTests
{
    [TestCase("plain", ExpectedResult = "plain")]
    [TestCase("", ExpectedResult = "")]
    [TestCase("a,b", ExpectedResult = "\"a,b\"")]
    [TestCase("say \"x\"", ExpectedResult = "\"say \"\"x\"\"\"")]
    [TestCase("two\nlines", ExpectedResult = "\"two\nlines\"")]
    [TestCase("=1+1", ExpectedResult = "\"'=1+1\"")]
    [TestCase("+1", ExpectedResult = "\"'+1\"")]
    [TestCase("-1", ExpectedResult = "\"'-1\"")]
    [TestCase("@SUM(A1)", ExpectedResult = "\"'@SUM(A1)\"")]
    [TestCase("\t=1", ExpectedResult = "\"'\t=1\"")]
    public string Cell_IsNeverAFormula(string text) => CsvText.Cell(text);
}
