using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Tests.Runs;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Comparisons;

[TestFixture]
internal sealed class ComparisonRunTests
{
    private const string Compare = "compare --dataset mnist --data DATA --layers 24,16 --epochs 12 --batch 32 --out RUN";

    private WholeSimulator simulator = null!;

    [SetUp]
    public void SetUp() => simulator = new WholeSimulator();

    [TearDown]
    public void TearDown() => simulator.Dispose();

    [Test]
    public async Task Compare_MeasuresBothRules_AfterEveryEpoch()
    {
        await SucceedAsync(Compare + " --json RUN.json");

        JsonNode result = JsonNode.Parse(await File.ReadAllTextAsync(simulator.In("run", "result.json")))!;
        Assert.Multiple(() =>
        {
            foreach (string rule in (string[])["alignment", "backpropagation"])
            {
                JsonNode run = result[rule]!;
                JsonArray epochs = run["epochs"]!.AsArray();
                Assert.That((string?)run["result"]!["rule"], Is.EqualTo(rule));
                Assert.That(epochs.Select(point => (int)point!["epoch"]!), Is.EqualTo(Enumerable.Range(1, 12)));
                Assert.That(epochs.Select(point => (double)point!["trainingSeconds"]!), Is.Ordered);
                Assert.That((double)epochs[^1]!["accuracy"]!, Is.EqualTo((double)run["result"]!["testAccuracy"]!));
                Assert.That((double)run["trainingSeconds"]!, Is.GreaterThan(0));
                Assert.That((long)run["result"]!["samplesSeen"]!, Is.EqualTo(12 * DigitFiles.TrainingCount));
            }

            double bytes = (double)result["backpropagation"]!["result"]!["trainingBytes"]!
                / (double)result["alignment"]!["result"]!["trainingBytes"]!;
            Assert.That((double)result["memoryRatio"]!, Is.EqualTo(bytes).Within(1e-9));
            Assert.That(
                (string?)result["command"], Does.StartWith("simulator compare --preset quick --dataset mnist").And.Not.Contain("--rule"));
            Assert.That(simulator.Output, Does.Contain("accuracy, epoch 12").And.Contain("memory planned"));
            Assert.That(File.ReadAllText(simulator.In("run.json")), Is.EqualTo(File.ReadAllText(simulator.In("run", "result.json"))));
        });
    }

    [Test]
    public async Task Runs_AreThoseOfTrain()
    {
        await SucceedAsync(Compare);
        await SucceedAsync(Compare.Replace("compare", "train") + " --out RUN2");
        await SucceedAsync(Compare.Replace("compare", "train") + " --rule backpropagation --out RUN3");

        Assert.That(simulator.Digest(Path.Combine("run", "alignment")), Is.EqualTo(simulator.Digest("run2")));
        Assert.That(simulator.Digest(Path.Combine("run", "backpropagation")), Is.EqualTo(simulator.Digest("run3")));
    }

    [Test]
    public async Task Report_HasBothRulesInEachChart()
    {
        await SucceedAsync(Compare + " --epochs 2");

        XDocument page = XDocument.Load(simulator.In("run", "report.html"));
        Assert.That(page.Descendants("figure").Count(), Is.EqualTo(2));
        foreach (XElement figure in page.Descendants("figure"))
        {
            string legend = figure.Descendants("ul").Single().Value;
            Assert.That(legend, Does.Contain("Alignment").And.Contain("Backpropagation"));
            Assert.That(figure.Descendants("circle").Count(), Is.EqualTo(2 * 2));
        }

        Assert.That(page.Descendants().Attributes("href"), Is.Empty);
    }

    [Test]
    public async Task Stopped_HasNothingToCompare()
    {
        int exitCode = await simulator.RunAndStopAsync(Compare, looksAtClock: 40);

        Assert.That(exitCode, Is.EqualTo(ExitCode.Interrupted));
        Assert.That(simulator.Output, Does.Contain("nothing to compare"));
        Assert.That(File.Exists(simulator.In("run", "result.json")), Is.False);
    }

    [Test]
    public async Task Refused_LeavesNoFolder()
    {
        int exitCode = await simulator.RunAsync("compare --dataset mnist --data RUN --out RUN2");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(Directory.Exists(simulator.In("run2")), Is.False);
    }

    private async Task SucceedAsync(string call) =>
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => simulator.Error);
}
