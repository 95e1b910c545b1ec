using FeatureAlignment.Simulator.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Training;

[TestFixture]
internal sealed class MemorySizeTests
{
    [TestCase("300KB", 307_200)]
    [TestCase("3MB", 3_145_728)]
    [TestCase("3 mb", 3_145_728)]
    [TestCase("1.5MB", 1_572_864)]
    [TestCase("2GB", 2_147_483_648)]
    [TestCase("512B", 512)]
    [TestCase("512", 512)]
    [TestCase("0.5B", 0)]
    public void TryParse_Size_GivesBytes(string text, long expected)
    {
        Assert.That(MemorySize.TryParse(text, out long bytes), Is.True);
        Assert.That(bytes, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("MB")]
    [TestCase("3TB")]
    [TestCase("-1KB")]
    [TestCase("1,5MB")]
    [TestCase("1e3KB")]
    [TestCase("9000000000GB")]
    [TestCase("99999999999999999999999999999999999")]
    public void TryParse_NoSize_IsRefused(string text) => Assert.That(MemorySize.TryParse(text, out _), Is.False);

    [TestCase(0, "0 B")]
    [TestCase(1023, "1,023 B")]
    [TestCase(1024, "1 KB")]
    [TestCase(1_572_864, "1.5 MB")]
    [TestCase(2_165_888, "2.07 MB")]
    [TestCase(5_368_709_120_000, "5,000 GB")]
    public void Format_Bytes_TakesLargestUnit(long bytes, string expected) => Assert.That(MemorySize.Format(bytes), Is.EqualTo(expected));
}
