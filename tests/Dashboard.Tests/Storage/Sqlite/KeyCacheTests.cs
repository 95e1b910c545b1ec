using System;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Storage.Sqlite;

[TestFixture]
public sealed class KeyCacheTests
{
    private static readonly DeviceKeyRecord[] Keys = [new(1, "board-1", ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty, 0, null)];

    [Test]
    public void Keys_ReadBeforeARevocationAndKeptAfterIt_AreNotKept()
    {
        var cache = new KeyCache();
        cache.Find("board-1", out long moment);
        // Here the database is read; then the key is revoked.
        cache.Forget("board-1");
        cache.Keep("board-1", Keys, moment);

        Assert.That(cache.Find("board-1", out _), Is.Null);
    }

    [Test]
    public void Keys_AreKeptUntilTheyChange()
    {
        var cache = new KeyCache();
        cache.Find("board-1", out long moment);
        cache.Keep("board-1", Keys, moment);

        Assert.That(cache.Find("board-1", out _), Is.SameAs(Keys));
        cache.Forget("board-1");
        Assert.That(cache.Find("board-1", out _), Is.Null);
    }
}
