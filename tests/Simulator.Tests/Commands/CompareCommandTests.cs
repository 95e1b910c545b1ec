using System.IO;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Commands;

[TestFixture]
internal sealed class CompareCommandTests
{
    private CommandLine commandLine = null!;

    [SetUp]
    public void SetUp() => commandLine = new CommandLine();

    [TearDown]
    public void TearDown() => commandLine.Dispose();

    [Test]
    public async Task Baseline_HasTheSameBudget_AndNothingThatOnlyAlignmentHas()
    {
        await commandLine.RunAsync(
            "compare --preset accurate --layers 64,32 --epochs 4 --seed 9 --labels clamped --schedule layerwise --steps 2 --step-size 0.5 "
            + "--guess random");

        CompareRequest request = (CompareRequest)commandLine.Requested!;
        Assert.That(
            (request.Alignment.Labels, request.Alignment.Schedule, request.Alignment.Steps),
            Is.EqualTo((LabelMode.Clamped, LayerSchedule.Layerwise, 2)));
        Assert.That(request.Backpropagation, Is.EqualTo(TrainPresets.Accurate with
        {
            Rule = LearningRule.Backpropagation,
            Layers = request.Alignment.Layers,
            Epochs = 4,
            Seed = 9,
        }));
        Assert.That(TrainSettingsCheck.Faults(request.Backpropagation), Is.Empty);
    }

    [Test]
    public async Task Folder_IsTheNextNumberedOne()
    {
        await commandLine.RunAsync("compare");

        Assert.That(
            ((CompareRequest)commandLine.Requested!).Folder.Path,
            Is.EqualTo(Path.Combine(commandLine.In("runs"), "0001-compare-digits-quick")));
    }

    [TestCase("compare --labels none", "A comparison of accuracy needs labels")]
    [TestCase("compare --data rows.csv", "A comparison of accuracy needs labels")]
    [TestCase("compare --rule backpropagation", "Unknown option '--rule'")]
    [TestCase("compare --memory-budget 3MB", "Unknown option '--memory-budget'")]
    [TestCase("compare --rows-in-memory 8", "Unknown option '--rows-in-memory'")]
    [TestCase("compare --epochs 0", "Epochs must be from 1 to 100,000; was 0.")]
    [TestCase("compare --json missing/result.json", "Option --json must name a file in an existing folder")]
    public async Task Call_Wrong_SaysWhatIsWrong(string call, string message)
    {
        int exitCode = await commandLine.RunAsync(call);

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(commandLine.Error, Does.Contain(message));
        Assert.That(commandLine.Requested, Is.Null);
    }

    [Test]
    public async Task Folder_WithFiles_IsRefused()
    {
        await File.WriteAllTextAsync(commandLine.In("notes.txt"), "");

        int exitCode = await commandLine.RunAsync("compare", "--out", commandLine.Folder);

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(commandLine.Error, Does.Contain("Output folder must be new or empty"));
    }
}
