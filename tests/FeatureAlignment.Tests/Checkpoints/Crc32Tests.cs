using System;
using System.Text;
using FeatureAlignment.Checkpoints;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

public class Crc32Tests
{
    // The check value that catalogues of CRCs give for this algorithm (CRC-32/ISO-HDLC).
    [Test]
    public void Append_CheckText_GivesCheckValue() =>
        Assert.That(Crc32.Append(0, Encoding.ASCII.GetBytes("123456789")), Is.EqualTo(0xCBF43926));

    [Test]
    public void Append_Nothing_KeepsChecksum() => Assert.That(Crc32.Append(0x12345678, default), Is.EqualTo(0x12345678));

    [Test]
    public void Append_InParts_EqualsWhole()
    {
        byte[] bytes = Encoding.ASCII.GetBytes("123456789");
        for (int split = 0; split <= bytes.Length; split++)
        {
            Assert.That(Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, split)), bytes.AsSpan(split)), Is.EqualTo(0xCBF43926), $"{split}");
        }
    }
}
