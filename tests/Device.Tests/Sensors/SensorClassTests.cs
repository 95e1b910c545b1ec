using System;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Tests.Support;
using FeatureAlignment.Simulation;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Sensors;

/// <summary>Lives of a device whose windows a person gives classes: a machine that idles and runs in turn.</summary>
[TestFixture]
public sealed class SensorClassTests
{
    private const string PredictedClass = "predicted_class";
    private const int Idle = 0, Running = 1;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void States_LabelledAFewTimes_AreToldApart_AlsoAfterARestart()
    {
        using var life = new TestLife(Machine(Hour));
        life.Command(1, "a", "label", Class(Idle)).Command(6, "b", "label", Class(Running)).Command(11, "c", "label", Class(Idle))
            .Command(16, "d", "label", Class(Running)).Command(30, "r", "restart").Run();
        Assert.That(life.AnswerTo("b").Text, Is.EqualTo("The current window is of class 1; it is learned."));
        Assert.That(life.Device.Starts, Is.EqualTo(2));
        TelemetryPoint[] late = [.. life.Series(PredictedClass).Where(point => Since(life, point) > TimeSpan.FromMinutes(20))];
        Assert.That(late, Has.Length.GreaterThan(35));
        Assert.That(late.Select(point => (int)point.Value), Is.EqualTo(late.Select(point => StateAt(Since(life, point)))));
        Assert.That(late.Select(point => (int)point.Value).Distinct().Count(), Is.EqualTo(2));
        Assert.That(life.Series(MetricNames.LabelLoss), Is.Not.Empty, "the labels are learned");
        Assert.That(life.Of(EventKinds.AnomalyStart), Is.Empty);
    }

    [Test]
    public void Labels_AreLearnedAgain_FromWhatWasKeptBeforeARestart()
    {
        using TestLife life = new TestLife(Machine(Hour)).Command(1, "a", "label", Class(Idle)).Command(10, "r", "restart").Run();
        Assert.That(
            life.Series(MetricNames.LabelLoss).Count(point => Since(life, point) > TimeSpan.FromMinutes(11)), Is.GreaterThan(60),
            "of two layers, each minute");
    }

    [Test]
    public void Class_ThatIsNotThere_OrIsNotLearned_IsRefused()
    {
        using TestLife life = new TestLife(Machine(Hour / 4)).Command(3, "k", "label", Class(2)).Command(5, "d", "detect")
            .Command(6, "f", "label", Class(1)).Run();
        Assert.That(life.AnswerTo("k").Text, Does.Contain("class must be less than Network.Classes, 2; was 2."));
        Assert.That(life.AnswerTo("f").Text, Does.Contain("send train"));
        using TestLife anomaly = new TestLife(TestLife.Watching(Hour / 4)).Command(3, "k", "label", Class(0)).Run();
        Assert.That(anomaly.AnswerTo("k").Kind, Is.EqualTo(EventKinds.CommandRefused));
        Assert.That(anomaly.AnswerTo("k").Text, Does.Contain("Network.Classes"));
        Assert.That(anomaly.Series(PredictedClass), Is.Empty);
    }

    private static SimulatedDeviceOptions Machine(TimeSpan duration) => TestLife.Watching(
        duration, ("Goal", "classification"), ("Training.Labels", "completed"), ("Network.Classes", "2"), ("Training.Optimizer", "sgd"),
        ("Training.LearningRate", "0.02")) with
    {
        Sensors = time => new ISensor[] { new LoadSensor("current", 2, time), new LoadSensor("sound", -1, time) },
    };

    private static TelemetryFields Class(int number) => new() { { "as", "class" }, { "class", number } };

    private static TimeSpan Since(TestLife life, TelemetryPoint point) =>
        TimeSpan.FromMilliseconds(point.TimeMilliseconds - life.Device.Options.StartMilliseconds);

    /// <summary>Five minutes each, with the change far from the minutes at which is reported.</summary>
    private static int StateAt(TimeSpan time) => (int)((time.TotalSeconds + 90) / 300) % 2 == 0 ? Idle : Running;

    /// <summary>A level for each state, with a little noise: a function of the time alone.</summary>
    private sealed class LoadSensor(string name, float rise, Func<TimeSpan> time) : ISensor
    {
        private readonly RandomSource random = new(0);

        public string Name => name;

        public string Unit => "";

        public float Read()
        {
            TimeSpan now = time();
            random.Reseed((ulong)name.Length, (ulong)now.Ticks);
            return (rise * StateAt(now)) + (0.2f * random.NextNormal());
        }
    }
}
