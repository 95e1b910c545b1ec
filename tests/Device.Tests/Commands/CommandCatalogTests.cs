using FeatureAlignment.Device.Commands;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Commands;

[TestFixture]
public sealed class CommandCatalogTests
{
    [Test]
    public void Problem_OfARightCommand_IsNone(
        [Values("pause", "resume", "train", "detect", "checkpoint", "evaluate", "send_reconstructions",
        "reset_model", "restart", "benchmark")] string name) => Assert.That(Problem(name), Is.Null);

    [TestCase("learning_rate", 0.001)]
    [TestCase("threshold", 1)]
    [TestCase("report_seconds", 86_400)]
    public void Set_InsideItsRange_IsRight(string argument, double value) => Assert.That(Problem("set", (argument, value)), Is.Null);

    [TestCase("learning_rate", 0, ExpectedResult = "learning_rate of set must be a number from 1E-09 to 10; was 0.")]
    [TestCase("threshold", 101, ExpectedResult = "threshold of set must be a number from 1 to 100; was 101.")]
    [TestCase("report_seconds", 4.9, ExpectedResult = "report_seconds of set must be a number from 5 to 86400; was 4.9.")]
    [TestCase("volume", 3, ExpectedResult = "set has no argument volume.")]
    public string? Set_OutsideItsRange_SaysWhatMustHold(string argument, double value) => Problem("set", (argument, value));

    [Test]
    public void Set_OfNothing_AndOfTwo_IsRefused()
    {
        Assert.That(Problem("set"), Does.Contain("it names 0"));
        Assert.That(Problem("set", ("threshold", 2), ("learning_rate", 1)), Does.Contain("it names 2"));
    }

    [Test]
    public void Set_OfAText_IsRefused() => Assert.That(
        CommandCatalog.FindProblem(new TelemetryCommand("c", "set", new TelemetryFields { { "threshold", "high" } })),
            Does.Contain("was high"));

    [Test]
    public void Label_NeedsOneOfItsWords()
    {
        Assert.That(Problem("label"), Does.Contain("as of label must be one of normal, fault, class; there is none"));
        Assert.That(CommandCatalog.FindProblem(new TelemetryCommand("c", "label", new TelemetryFields { { "as", "fault" } })), Is.Null);
    }

    [Test]
    public void Label_AsClass_NeedsTheClass()
    {
        Assert.That(ProblemOfLabel("class", 0), Is.Null);
        Assert.That(ProblemOfLabel("class", 63), Is.Null);
        Assert.That(ProblemOfLabel("class", null), Is.EqualTo("label must have the argument class with as=class, and only then."));
        Assert.That(ProblemOfLabel("normal", 1), Is.EqualTo("label must have the argument class with as=class, and only then."));
    }

    [TestCase(-1)]
    [TestCase(64)]
    [TestCase(1.5)]
    public void Label_AsAClassThatCannotBe_SaysWhatMustHold(double value) => Assert.That(
        ProblemOfLabel("class", value), Does.StartWith("class of label must be a whole number from 0 to 63; was "));

    [Test]
    public void Unknown_NamesAllThereAre() => Assert.That(Problem("sleep"), Does.Contain("pause, resume").And.Contain("was sleep"));

    private static string? ProblemOfLabel(string kind, double? number)
    {
        var fields = new TelemetryFields { { "as", kind } };
        if (number is { } value)
        {
            fields.Add("class", value);
        }

        return CommandCatalog.FindProblem(new TelemetryCommand("c", "label", fields));
    }

    private static string? Problem(string name, params (string Name, double Value)[] args)
    {
        var fields = new TelemetryFields();
        foreach ((string argument, double value) in args)
        {
            fields.Add(argument, value);
        }

        return CommandCatalog.FindProblem(new TelemetryCommand("c", name, fields));
    }
}
