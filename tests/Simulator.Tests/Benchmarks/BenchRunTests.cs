using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using FeatureAlignment.Simulator.Benchmarks;
using FeatureAlignment.Simulator.Commands;
using NUnit.Framework;
using Spectre.Console;

namespace FeatureAlignment.Simulator.Tests.Benchmarks;

/// <summary>A run of one short round: that every figure is there and follows from the others, not how large it is.</summary>
public sealed class BenchRunTests
{
    private static readonly BenchPlan Short = new()
    {
        WarmUpRounds = 0,
        Rounds = 1,
        Measurement = TimeSpan.Zero,
        Samples = 128,
        TriadLength = 1000,
    };

    private string file = null!;
    private StringWriter output = null!;
    private JsonNode result = null!;

    [OneTimeSetUp]
    public void Run()
    {
        file = Path.GetTempFileName();
        output = new StringWriter();
        CommandEnvironment environment = new()
        {
            Output = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) }),
            Error = TextWriter.Null,
            RunsFolder = "",
        };
        environment.Output.Profile.Width = 120;
        Assert.That(BenchRun.Run(environment, new BenchRequest(file), Short, CancellationToken.None), Is.EqualTo(ExitCode.Success));
        result = JsonNode.Parse(File.ReadAllText(file))!;
    }

    [OneTimeTearDown]
    public void Delete()
    {
        output.Dispose();
        File.Delete(file);
    }

    [Test]
    public void Rows_AreEveryPresetAndEveryBatch_OfEachRule()
    {
        string[] rows = [.. result["rows"]!.AsArray()
            .Where(row => (int)row!["threads"]! == 1).Select(row => $"{row!["rule"]} {row["name"]} {row["batch"]}")];

        Assert.That(rows, Is.EquivalentTo(
            from rule in new[] { "alignment", "backpropagation", "inference" }
            from net in new[] { "quick 32", "board 1", "accurate 128", "[512,256] 1", "[512,256] 8", "[512,256] 32", "[512,256] 128" }
            select $"{rule} {net}"));
    }

    [Test]
    public void Gigaflops_AreTwiceTheProducts()
    {
        foreach (JsonNode? row in result["rows"]!.AsArray())
        {
            double expected = 2e-9 * (double)row!["samplesPerSecond"]!["median"]! * (long)row["multiplyAccumulatesPerSample"]!;
            Assert.That((double)row["gigaflops"]!["median"]!, Is.EqualTo(expected).Within(1e-6).Percent);
            Assert.That((double)row["shareOfPeak"]!, Is.GreaterThan(0));
        }
    }

    [Test]
    public void Products_OfTheAccurateNet_AreThoseOfItsLayers()
    {
        long[] products = [.. result["rows"]!.AsArray()
            .Where(row => (string?)row!["name"] == "accurate" && (int)row["threads"]! == 1)
            .Select(row => (long)row!["multiplyAccumulatesPerSample"]!)];

        const int First = 784 * 512, Second = 512 * 256, Head = 256 * 10;
        Assert.That(products, Is.EqualTo(new[]
        {
            (5 * (First + Second)) + (3 * 10 * (512 + 256)),
            (2 * First) + (3 * (Second + Head)),
            (3 * First) + (2 * 10 * 512) + (2 * Second) + (10 * 256),
        }));
    }

    [Test]
    public void Ratios_CompareTheRulesOnEachNet() =>
        Assert.That(result["alignmentOverBackpropagation"]!.AsArray().Count(ratio => (int)ratio!["threads"]! == 1), Is.EqualTo(7));

    [Test]
    public void Output_ShowsPeakAndTables() => Assert.That(
        output.ToString(),
        Does.Contain("of fused multiply-adds").And.Contain("Training, alignment").And.Contain("Training, backpropagation")
            .And.Contain("Inference").And.Contain("Alignment over backpropagation"));

    [Test]
    public void Cancelled_Stops() => Assert.That(
        () => BenchRun.Run(
            new CommandEnvironment { Output = AnsiConsole.Console, Error = TextWriter.Null, RunsFolder = "" },
            new BenchRequest(null), Short, new CancellationToken(canceled: true)),
        Throws.InstanceOf<OperationCanceledException>());
}
