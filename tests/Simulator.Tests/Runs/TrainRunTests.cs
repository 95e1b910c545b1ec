using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>Whole trainings on a few hundred digits: what they leave, and that nothing but the settings decides it.</summary>
[TestFixture]
internal sealed class TrainRunTests
{
    private const string Train = "train --dataset mnist --data DATA --layers 16,12 --epochs 2 --batch 32 --out RUN";

    private WholeSimulator simulator = null!;

    [SetUp]
    public void SetUp() => simulator = new WholeSimulator();

    [TearDown]
    public void TearDown() => simulator.Dispose();

    [Test]
    public async Task Train_LeavesTheFilesOfARun()
    {
        await SucceedAsync(Train);

        string[] files = [.. Directory.GetFiles(simulator.In("run")).Select(Path.GetFileName).Order()!];
        Assert.That(files, Is.EqualTo(new[] { "metrics.csv", "report.html", "result.json", "samples.json", "settings.json" }));
        Assert.That(simulator.CheckpointFiles(), Has.Some.StartsWith("checkpoint.").And.Some.StartsWith("layer-1."));
    }

    [Test]
    public async Task Result_HoldsWhatWasTrainedAndReached()
    {
        await SucceedAsync(Train + " --epochs 6 --learning-rate 0.01 --json RUN.json");

        JsonNode result = simulator.Result();
        Assert.Multiple(() =>
        {
            Assert.That((string?)result["dataset"], Is.EqualTo("mnist"));
            Assert.That((string?)result["rule"], Is.EqualTo("alignment"));
            Assert.That((string?)result["labels"], Is.EqualTo("completed"));
            Assert.That((string?)result["schedule"], Is.EqualTo("interleaved"));
            Assert.That((double)result["learningRate"]!, Is.EqualTo(0.01));
            Assert.That((long)result["samplesSeen"]!, Is.EqualTo(6 * DigitFiles.TrainingCount));
            // Ten classes: guessing gets a tenth right.
            Assert.That((double)result["testAccuracy"]!, Is.InRange(0.3, 1));
            Assert.That(result["layerAccuracies"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That(result["reconstructionMse"]!.AsArray().Select(mse => (double)mse!), Is.All.InRange(0, 10));
            Assert.That((double)result["decodedMse"]!, Is.InRange(0, 10));
            Assert.That(result["deadNeurons"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That((double)result["samplesPerSecond"]!, Is.GreaterThan(0));
            Assert.That((string?)result["weightsSha256"], Has.Length.EqualTo(64));
            Assert.That((bool)result["finished"]!, Is.True);
            Assert.That(Samples(result["confusion"]!), Is.EqualTo(DigitFiles.TestCount));
            Assert.That(File.ReadAllText(simulator.In("run.json")), Is.EqualTo(File.ReadAllText(simulator.In("run", "result.json"))));
        });
    }

    [Test]
    public async Task Metrics_HoldLossesPerLayerAndAnAccuracyPerEpoch()
    {
        await SucceedAsync(Train);

        MetricRow[] rows = [.. MetricsCsv.Read(simulator.In("run", "metrics.csv"))];
        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(row => row.Step), Is.Ordered);
            Assert.That(rows[^1].Step, Is.EqualTo(2 * DigitFiles.TrainingCount));
            Assert.That(rows.Count(row => row.Layer == 1 && row.LabelLoss > 0 && row.AlignmentLoss > 0), Is.GreaterThan(10));
            Assert.That(
                rows.Where(row => row is { Layer: null, TestAccuracy: not null }).Select(row => row.Epoch), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(rows[^1].TestAccuracy, Is.EqualTo((double)simulator.Result()["testAccuracy"]!));
        });
    }

    [TestCase("")]
    [TestCase("--schedule layerwise")]
    [TestCase("--rule backpropagation --batch 100")]
    [TestCase("--drop-pixels 0.2 --guess random --steps 2 --step-size 0.5")]
    public async Task Digest_DoesNotDependOnThreads(string options)
    {
        await SucceedAsync($"{Train} {options} --threads 1");
        string digest = simulator.Digest();

        await SucceedAsync($"{Train} {options} --threads 2 --out RUN2");

        Assert.That(simulator.Digest("run2"), Is.EqualTo(digest));
    }

    [TestCase("--seed 2")]
    [TestCase("--learning-rate 0.002")]
    public async Task Digest_OtherSettings_Differs(string option)
    {
        await SucceedAsync(Train);
        string digest = simulator.Digest();

        await SucceedAsync($"{Train} {option} --out RUN2");

        Assert.That(simulator.Digest("run2"), Is.Not.EqualTo(digest));
    }

    [Test]
    public async Task Limit_TakesTheFirstSamples()
    {
        await SucceedAsync(Train + " --limit 50");

        Assert.That((long)simulator.Result()["samplesSeen"]!, Is.EqualTo(2 * 50));
    }

    [Test]
    public async Task Validation_MeasuresOnHeldOutSamplesAlone()
    {
        await SucceedAsync(Train + " --validation 60");

        JsonNode result = simulator.Result();
        Assert.Multiple(() =>
        {
            Assert.That((double?)result["validationAccuracy"], Is.Not.Null);
            Assert.That(result["testAccuracy"], Is.Null);
            Assert.That((long)result["samplesSeen"]!, Is.EqualTo(2 * (DigitFiles.TrainingCount - 60)));
            Assert.That(Samples(result["confusion"]!), Is.EqualTo(60));
            Assert.That(MetricsCsv.Read(simulator.In("run", "metrics.csv")).Any(row => row.TestAccuracy is not null), Is.False);
            Assert.That(simulator.Output, Does.Contain("accuracy on the samples held out"));
        });
    }

    [Test]
    public async Task Labels_None_ReportsNoAccuracy()
    {
        await SucceedAsync(Train + " --labels none");

        JsonNode result = simulator.Result();
        Assert.That(new[] { result["testAccuracy"], result["layerAccuracies"], result["confusion"] }, Is.All.Null);
        Assert.That((double)result["decodedMse"]!, Is.GreaterThan(0));
    }

    [Test]
    public async Task Backpropagation_ReportsItsHeadAlone()
    {
        await SucceedAsync(Train + " --rule backpropagation");

        JsonNode result = simulator.Result();
        Assert.That(result["layerAccuracies"]!.AsArray().Select(accuracy => accuracy is null), Is.EqualTo(new[] { true, true, false }));
        Assert.That((result["reconstructionMse"], result["decodedMse"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
    }

    // The core's own tests hold the plan for each rule and optimizer against arrays; here it is held against the process's heap.
    [TestCase("--schedule interleaved --optimizer adam")]
    [TestCase("--schedule layerwise --optimizer adam")]
    [TestCase("--schedule layerwise --optimizer sgd")]
    [TestCase("--rule backpropagation --optimizer momentum")]
    public async Task TrainingBytes_AreWhatWasPlanned(string options)
    {
        await SucceedAsync($"train --dataset mnist --data DATA --limit 64 --layers 256,128 --epochs 1 --batch 32 --out RUN {options}");

        JsonNode result = simulator.Result();
        long planned = (long)result["memoryPlan"]!["total"]!;
        Assert.That((long)result["trainingBytes"]!, Is.EqualTo(planned).Within(5).Percent);
    }

    [Test]
    public async Task TrainingBytes_OfTheBoardsPreset_AreHardlyMoreThanTheWeights()
    {
        await SucceedAsync("train --preset board --dataset mnist --data DATA --limit 64 --out RUN");

        JsonNode result = simulator.Result();
        Assert.That((long)result["trainingBytes"]!, Is.LessThanOrEqualTo((long)result["memoryPlan"]!["weights"]! + (24 * 1024)));
    }

    [Test]
    public async Task Report_ShowsCurvesConfusionAndPictures()
    {
        await SucceedAsync(Train);

        string report = await File.ReadAllTextAsync(simulator.In("run", "report.html"));
        Assert.That(
            report,
            Does.Contain("Learning curves").And.Contain("Confusion").And.Contain("What each class draws")
                .And.Contain("data:image/png;base64,").And.Contain("simulator train --preset quick --dataset mnist"));
    }

    [Test]
    public async Task Table_LearnsItsClassesAndPredictsRows()
    {
        string[] rows =
            [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? $"{i % 7},{10 + (i % 5)},left" : $"{20 + (i % 7)},{i % 5},right")];
        await File.WriteAllLinesAsync(simulator.In("table.csv"), ["x,y,side", .. rows]);

        await SucceedAsync($"train --data {simulator.In("table.csv")} --label side --layers 16 --epochs 60 --out RUN");

        Assert.That((double)simulator.Result()["testAccuracy"]!, Is.EqualTo(1));
        await SucceedAsync("predict --run RUN --row 2,11");
        Assert.That(simulator.Output, Does.StartWith("class  left"));
        await SucceedAsync("predict --run RUN --row 22,1");
        Assert.That(simulator.Output, Does.StartWith("class  right"));
    }

    private static int Samples(JsonNode confusion) => confusion.AsArray().Sum(row => row!.AsArray().Sum(count => (int)count!));

    private async Task SucceedAsync(string call) =>
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => simulator.Error);
}
