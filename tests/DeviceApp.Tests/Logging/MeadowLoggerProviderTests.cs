using System;
using FeatureAlignment.DeviceApp.Tests.Support;
using Meadow;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests.Logging;

[TestFixture]
public sealed class MeadowLoggerProviderTests
{
    private FakeBoard board = null!;

    [SetUp]
    public void Start() => board = new FakeBoard();

    [TearDown]
    public void End() => board.Dispose();

    [TestCase(LogLevel.Trace, "Trace")]
    [TestCase(LogLevel.Debug, "Debug")]
    [TestCase(LogLevel.Information, "Information")]
    [TestCase(LogLevel.Warning, "Warning")]
    [TestCase(LogLevel.Error, "Error")]
    [TestCase(LogLevel.Critical, "Error")]
    public void Level_IsMeadows(LogLevel level, string meadowLevel)
    {
        board.Logger.Log(level, "{Count} files", 3);
        Assert.That(board.LogLines, Is.EqualTo(new[] { $"{meadowLevel}: test: 3 files" }));
    }

    [Test]
    public void Exception_IsShown()
    {
        board.Logger.LogError(new InvalidOperationException("because"), "It failed.");
        Assert.That(board.LogLines[0], Does.Contain("It failed.").And.Contain("InvalidOperationException").And.Contain("because"));
    }

    [Test]
    public void Level_BelowMeadows_IsNotEvenFormatted()
    {
        Resolver.Log.LogLevel = Meadow.Logging.LogLevel.Warning;
        board.Logger.Log(LogLevel.Information, 0, "x", null, (_, _) => throw new InvalidOperationException());
        Assert.That(board.Logger.IsEnabled(LogLevel.Warning), Is.True);
        Assert.That(board.Logger.IsEnabled(LogLevel.None), Is.False);
    }
}
