using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Settings;

[TestFixture]
public sealed class SettingsReaderTests
{
    private const string NeedsLabels =
        "Goal classification needs labels: set Training.Labels to completed, and Network.Classes to the number of classes that you name by "
        + "the command label, or Source to files.";

    private const string ClassesMustBeNone =
        "Network.Classes must be 0 but for Goal classification with Source sensors (files name their own); was 3.";

    // Each wrong in its own way: not a number, out of range, no such choice, too long.
    private static readonly Dictionary<string, string> WrongTexts = new()
    {
        ["Run"] = "two words",
        ["Goal"] = "wealth",
        ["Source"] = "radio",
        ["Files.TrainingImages"] = "",
        ["Files.TrainingLabels"] = "a/b",
        ["Files.TestImages"] = "a\\b",
        ["Files.TestLabels"] = "a b",
        ["Network.Layers"] = "32,0",
        ["Network.Classes"] = "1",
        ["Network.Activation"] = "step",
        ["Network.Seed"] = "-1",
        ["Training.Labels"] = "clamped",
        ["Training.Epochs"] = "0",
        ["Training.Batch"] = "1.5",
        ["Training.Optimizer"] = "lion",
        ["Training.LearningRate"] = "NaN",
        ["Training.Decay"] = "step",
        ["Training.LearningRateFloor"] = "0.5",
        ["Training.AlignmentWeight"] = "-1",
        ["Training.LabelWeight"] = "1e9",
        ["Training.DropPixels"] = "1",
        ["Training.InitialWeights"] = "zero",
        ["Training.Placement"] = "cloud",
        ["Training.SamplesPerLayer"] = "-1",
        ["Training.LeastImprovement"] = "2",
        ["Memory.Budget"] = "1KB",
        ["Storage.UseCard"] = "perhaps",
        ["Storage.CheckpointPeriod"] = "5",
        ["Storage.DailyWrites"] = "1B",
        ["Storage.RowWear"] = "-1MB",
        ["Storage.Spool"] = "1KB",
        ["Sensors.Names"] = "a,,b",
        ["Sensors.Period"] = "0s",
        ["Sensors.Window"] = "0",
        ["Sensors.Overlap"] = "-1",
        ["Sensors.Stuck"] = "1",
        ["Replay.Windows"] = "many",
        ["Replay.PerWindow"] = "65",
        ["Anomaly.LearnFor"] = "400d",
        ["Anomaly.FalseAlarmRate"] = "0",
        ["Anomaly.Margin"] = "0.5",
        ["Anomaly.Windows"] = "0",
        ["Anomaly.Of"] = "65",
        ["Anomaly.HalfLife"] = "1s",
        ["Report.Period"] = "1s",
        ["Report.Images"] = "-1s",
        ["Report.Uplink"] = "ftp://example.org",
        ["Report.Key"] = new string('k', 257),
        ["Screen.Period"] = "1ms",
        ["Benchmark.AtFirstStart"] = "1",
    };

    private static IEnumerable<string> Keys => SettingDefinitions.All.Select(definition => definition.Key);

    [Test]
    public void Defaults_AreAllAllowed()
    {
        SettingsResult result = SettingsReader.Read("");
        Assert.That(result.Problems, Is.Empty);
        Assert.That(result.Settings.Training.Layers, Is.EqualTo(new[] { 32, 12 }));
        Assert.That(result.Settings.HalfLife, Is.EqualTo(TimeSpan.FromDays(7)));
        Assert.That(result.Settings.MemoryBudgetBytes, Is.EqualTo(3 * 1024 * 1024));
    }

    [TestCaseSource(nameof(Keys))]
    public void Read_AWrongValue_IsRefusedByNameWithWhatWouldBeRight(string key)
    {
        SettingDefinition definition = SettingDefinitions.All.Single(candidate => candidate.Key == key);
        SettingsResult result = SettingsReader.Read([new(key, WrongTexts[key])]);
        Assert.That(result.Problems, Has.Some.StartsWith($"{key} must be {definition.Allowed}; was"));
    }

    [TestCaseSource(nameof(Keys))]
    public void Read_TheDefaultsText_ChangesNothing(string key)
    {
        SettingDefinition definition = SettingDefinitions.All.Single(candidate => candidate.Key == key);
        SettingsResult result = SettingsReader.Read([new(key.ToUpperInvariant(), definition.DefaultText)]);
        Assert.That(result.Problems, Is.Empty);
    }

    [Test]
    public void Read_AnUnknownKey_NamesTheNearest()
    {
        SettingsResult result = SettingsReader.Read("Training.LearnRate: 0.1");
        Assert.That(result.Problems, Is.EqualTo(new[]
        {
            "Training.LearnRate is not a setting; did you mean Training.LearningRate? docs/device-settings.md lists all.",
        }));
    }

    [Test]
    public void Read_LinesOfAFile_AreTaken()
    {
        SettingsResult result = SettingsReader.Read("""
            # MNIST on a Feather
            Goal: classification
            source: FILES

            Training.Labels: completed
            Network.Layers: 256, 128
            Network.Activation: relu
            Training.LearningRate: 0.02
            Training.Decay: linear
            Training.LearningRateFloor: 0.001
            Training.InitialWeights: he
            Training.Optimizer: momentum
            Report.Uplink: http://192.168.1.10:5080
            Storage.CheckpointPeriod: 90s
            """);
        Assert.That(result.Problems, Is.Empty);
        DeviceSettings settings = result.Settings;
        Assert.That(settings.Goal, Is.EqualTo(LearningGoal.Classification));
        Assert.That(settings.Source, Is.EqualTo(SampleOrigin.Files));
        Assert.That(settings.Training.Labels, Is.EqualTo(LabelMode.Completed));
        Assert.That(settings.Training.Layers, Is.EqualTo(new[] { 256, 128 }));
        Assert.That(settings.Training.Activation, Is.EqualTo(Activation.Relu));
        Assert.That(settings.Training.LearningRate, Is.EqualTo(new LearningRateSchedule(0.02f, LearningRateDecay.Linear, 0.001f)));
        Assert.That(settings.Training.InitialWeights, Is.EqualTo(InitialWeights.He));
        Assert.That(settings.Training.Optimizer, Is.EqualTo(OptimizerKind.Momentum));
        Assert.That(settings.Uplink, Is.EqualTo("http://192.168.1.10:5080"));
        Assert.That(settings.CheckpointPeriod, Is.EqualTo(TimeSpan.FromSeconds(90)));
    }

    [TestCase("0", 0)]
    [TestCase("2", 2)]
    [TestCase("64", 64)]
    public void Read_ClassesOfSensors_AreTaken(string text, int classes)
    {
        string goal = classes == 0 ? "" : "Goal: classification\nTraining.Labels: completed\n";
        SettingsResult result = SettingsReader.Read($"{goal}Network.Classes: {text}");
        Assert.That(result.Problems, Is.Empty);
        Assert.That(result.Settings.Classes, Is.EqualTo(classes));
    }

    [TestCase("Sensors.Window: 6\nSensors.Overlap: 6", "Sensors.Overlap must be less than Sensors.Window, 6; was 6.")]
    [TestCase("Anomaly.Windows: 9", "Anomaly.Windows must be at most Anomaly.Of, 8; was 9.")]
    [TestCase("Goal: classification", NeedsLabels)]
    [TestCase("Goal: classification\nTraining.Labels: completed", NeedsLabels)]
    [TestCase("Goal: classification\nNetwork.Classes: 3", NeedsLabels)]
    [TestCase("Goal: classification\nSource: files", NeedsLabels)]
    [TestCase("Goal: classification\nSource: files\nTraining.Labels: completed\nNetwork.Classes: 3", ClassesMustBeNone)]
    [TestCase("Network.Classes: 3", ClassesMustBeNone)]
    [TestCase("Source: files", "Goal anomaly watches sensors: set Source to sensors, or Goal to classification or reconstruction.")]
    [TestCase(
        "Training.Labels: completed",
        "Training.Labels must be none with Source sensors, but for Goal classification: readings carry no labels.")]
    [TestCase("Run: a\nRun: b", "Run must be given once; was given again as 'b'.")]
    [TestCase("just words", "Line 1 must be 'Key: value'; was 'just words'.")]
    public void Read_AContradiction_IsRefused(string text, string problem) =>
        Assert.That(SettingsReader.Read(text).Problems, Is.EqualTo(new[] { problem }));
}
