using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.DeviceApp.Tests.Support;
using FeatureAlignment.DeviceApp.Uplink;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.DeviceApp.Tests.Uplink;

[TestFixture]
public sealed class MeadowCloudCommandsTests
{
    private FakeBoard board = null!;
    private MeadowCloudCommands commands = null!;

    [SetUp]
    public void Start()
    {
        board = new FakeBoard();
        commands = MeadowCloudCommands.Subscribe(board.Cloud, board.Logger);
    }

    [TearDown]
    public void End() => board.Dispose();

    [TestCase("pause", "pause")]
    [TestCase("Pause", "pause")]
    [TestCase("PauseCommand", "pause")]
    [TestCase("SendReconstructions", "send_reconstructions")]
    [TestCase("sendReconstructionsCommand", "send_reconstructions")]
    [TestCase("send_reconstructions", "send_reconstructions")]
    [TestCase("RESTART", "restart")]
    public void Name_OfAClass_IsTheCommands(string published, string name)
    {
        board.Cloud.Publish(published);
        Assert.That(commands.TryTake(out TelemetryCommand command), Is.True);
        Assert.That(command.Name, Is.EqualTo(name));
    }

    [Test]
    public void Arguments_AreTakenOver()
    {
        // What Meadow's parser makes of {"id":"c-1","expires":1795350000000,"name":"LearningRate","value":0.5,"now":true}.
        board.Cloud.Publish("Set", ("id", "c-1"), ("expires", 1795350000000L), ("name", "LearningRate"), ("value", 0.5), ("now", true));
        Assert.That(commands.TryTake(out TelemetryCommand command), Is.True);
        Assert.That(command, Is.EqualTo(new TelemetryCommand(
            "c-1", "set", new TelemetryFields { { "name", "LearningRate" }, { "value", 0.5 }, { "now", true } }, 1795350000000)));
    }

    [Test]
    public void Id_WhenNoneIsGiven_IsNewEachTime()
    {
        board.Cloud.Publish("Pause");
        board.Cloud.Publish("Pause");
        commands.TryTake(out TelemetryCommand first);
        commands.TryTake(out TelemetryCommand second);
        Assert.That(first.Id, Is.Not.EqualTo(second.Id));
    }

    private static IEnumerable<TestCaseData> BadCommands()
    {
        yield return new TestCaseData("rm -rf", "x", "y").SetName("Command_BadName_IsDroppedAndLogged");
        yield return new TestCaseData("Set", "value", double.NaN).SetName("Command_NonFiniteNumber_IsDroppedAndLogged");
        yield return new TestCaseData("Set", "värde", 1.0).SetName("Command_BadArgumentName_IsDroppedAndLogged");
        yield return new TestCaseData("Set", "id", "a b").SetName("Command_BadId_IsDroppedAndLogged");
        yield return new TestCaseData("Set", "list", new List<double>()).SetName("Command_NestedArgument_IsDroppedAndLogged");
    }

    [TestCaseSource(nameof(BadCommands))]
    public void Command_OfABadForm_IsDroppedAndLogged(string name, string argument, object value)
    {
        board.Cloud.Publish(name, (argument, value));
        Assert.That(commands.TryTake(out _), Is.False);
        Assert.That(board.LogLines.Single(), Does.StartWith("Warning: ").And.Contain(name));
    }

    [Test]
    public void Commands_TooMany_AreDroppedAndLogged()
    {
        for (int i = 0; i < 40; i++)
        {
            board.Cloud.Publish("Pause");
        }

        int taken = 0;
        while (commands.TryTake(out _))
        {
            taken++;
        }

        Assert.That(taken, Is.EqualTo(32));
        Assert.That(board.LogLines, Has.Count.EqualTo(8));
    }
}
