using System.Text;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Telemetry;

[TestFixture]
public sealed class BatchSignatureTests
{
    // h=$(printf %s '{"schema":1,"run":"r-1","app":"1.0.0"}' | openssl dgst -sha256 -r | cut -d' ' -f1)
    // printf 'POST\n/api/telemetry/board-7/batches\n17\n4211\n1795350000000\n%s' $h | openssl dgst -sha256 -hmac 'a key of the device'
    private const string Known = "4064f86a1d4b21f6490df05087cd32374375cf5b2fcdb933a58e8490bcdef555";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes("a key of the device");
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"schema":1,"run":"r-1","app":"1.0.0"}""");
    private static readonly BatchHeader Header = new("board-7", 17, 4211, 1795350000000);

    [Test]
    public void Create_OfKnownBatch_EqualsOpenSsl() => Assert.That(BatchSignature.Create(Key, Header, Body), Is.EqualTo(Known));

    [Test]
    public void Verify_TakesEitherCase() => Assert.That(
        BatchSignature.Verify(Key, Header, Body, Known) && BatchSignature.Verify(Key, Header, Body, Known.ToUpperInvariant()), Is.True);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("4064f86a")]
    [TestCase(Known + "00")]
    [TestCase("5064f86a1d4b21f6490df05087cd32374375cf5b2fcdb933a58e8490bcdef555")]
    [TestCase("4064f86a1d4b21f6490df05087cd32374375cf5b2fcdb933a58e8490bcdef55x")]
    public void Verify_OfAnotherSignature_IsFalse(string? signature) =>
        Assert.That(BatchSignature.Verify(Key, Header, Body, signature), Is.False);

    [Test]
    public void Verify_OfAnotherDeviceBootSequenceTimeBodyOrKey_IsFalse()
    {
        BatchHeader[] others =
        [
            new("board-8", 17, 4211, 1795350000000), new("board-7", 18, 4211, 1795350000000),
            new("board-7", 17, 4212, 1795350000000), new("board-7", 17, 4211, 0),
        ];
        foreach (BatchHeader other in others)
        {
            Assert.That(BatchSignature.Verify(Key, other, Body, Known), Is.False, other.ToString());
        }

        Assert.That(BatchSignature.Verify(Key, Header, [], Known), Is.False);
        Assert.That(BatchSignature.Verify([1], Header, Body, Known), Is.False);
    }
}
