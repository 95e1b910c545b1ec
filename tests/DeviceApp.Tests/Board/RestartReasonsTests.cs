using System.IO;
using System.Linq;
using FeatureAlignment.DeviceApp.Board;
using FeatureAlignment.DeviceApp.Tests.Support;
using Meadow.Hardware;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests.Board;

[TestFixture]
public sealed class RestartReasonsTests
{
    private FakeBoard board = null!;

    [SetUp]
    public void Start() => board = new FakeBoard();

    [TearDown]
    public void End() => board.Dispose();

    [TestCase(ResetReason.Unknown, "unknown")]
    [TestCase(ResetReason.SoftwareReset, "unknown")]
    [TestCase(ResetReason.HardwareReset, "unknown")]
    [TestCase(ResetReason.PowerOnReset | ResetReason.HardwareReset, "power")]
    [TestCase(ResetReason.InsufficientPower, "power")]
    [TestCase(ResetReason.IndependentWatchdog | ResetReason.HardwareReset, "watchdog")]
    public void Reason_WithoutANote_IsTheProcessors(ResetReason reset, string reason)
    {
        board.LastResetReason = reset;
        Assert.That(NewReasons().Take(), Is.EqualTo(reason));
    }

    [Test]
    public void Reason_AfterACrash_IsReportedAndUsedUp()
    {
        board.Cloud.IsEnabled = false;
        board.LastResetReason = ResetReason.SoftwareReset;
        board.CrashReports = ["System.OutOfMemoryException"];

        Assert.That(NewReasons().Take(), Is.EqualTo("crash"));
        Assert.That(board.LogLines.Single(), Does.StartWith("Error: ").And.Contain("System.OutOfMemoryException"));
        Assert.That(NewReasons().Take(), Is.EqualTo("unknown"));
    }

    [Test]
    public void CrashReport_WithMeadowCloud_IsLeftForIt()
    {
        board.CrashReports = ["x"];
        NewReasons().Take();
        Assert.That(board.CrashReports, Has.Length.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("comm")]
    public void Note_Torn_IsIgnored(string text)
    {
        File.WriteAllText(Path.Combine(board.DataDirectory, "restart-reason"), text);
        Assert.That(NewReasons().Take(), Is.EqualTo("unknown"));
    }

    [Test]
    public void Note_ThatCannotBeWritten_IsLogged()
    {
        new RestartReasons(board, Path.Combine(board.Root, "missing"), board.Logger).Record("command");
        Assert.That(board.LogLines.Single(), Does.StartWith("Warning: "));
    }

    [Test]
    public void Reason_WithoutAReliabilityService_IsUnknown() =>
        Assert.That(new RestartReasons(null, board.DataDirectory, board.Logger).Take(), Is.EqualTo("unknown"));

    private RestartReasons NewReasons() => new(board, board.DataDirectory, board.Logger);
}
