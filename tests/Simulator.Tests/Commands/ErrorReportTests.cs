using System;
using System.IO;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Kernels;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Training;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Commands;

[TestFixture]
internal sealed class ErrorReportTests
{
    private static readonly TestCaseData[] Families =
    [
        new(new UsageException("Wrong call."), ExitCode.Usage, "Wrong call."),
        new(new ArgumentOutOfRangeException("batch", "Batch must fit."), ExitCode.Usage, "Batch must fit."),
        new(new FormatException("Not a PNG."), ExitCode.Failure, "Not a PNG."),
        new(new InvalidDataException("Cut off."), ExitCode.Failure, "Cut off."),
        new(new FileNotFoundException("No file."), ExitCode.Failure, "No file."),
        new(new UnauthorizedAccessException("No access."), ExitCode.Failure, "No access."),
        new(new HttpRequestException("No network."), ExitCode.Failure, "No network."),
        new(new AggregateException(new IOException("Inner.")), ExitCode.Failure, "Inner."),
        new(new InsufficientMemoryException(), ExitCode.Failure, "Memory ran out; use fewer or smaller layers, or a smaller batch."),
        new(new NonFiniteLossException(1, 7, 0.5f), ExitCode.Failure, new NonFiniteLossException(1, 7, 0.5f).Message),
        new(new OperationCanceledException(), ExitCode.Interrupted, "Stopped."),
    ];

    [TestCaseSource(nameof(Families))]
    public void Of_ExpectedException_GivesItsMessageAlone(Exception exception, int exitCode, string message)
    {
        ErrorReport report = ErrorReport.Of(exception);

        Assert.That((report.ExitCode, string.Join('|', report.Lines)), Is.EqualTo((exitCode, message)));
    }

    [Test]
    public void Of_WearBudget_GivesItsMessageAlone()
    {
        TrainingOptions options = TrainPresets.Quick.ToTrainingOptions(10);
        MemoryPlan plan = MemoryPlan.Create(options, inputs: 4, classes: 2, sampleCount: 10, KernelSet.Scalar);
        WearBudgetException exception = Assert.Throws<WearBudgetException>(() => plan.RequireWrittenAtMost(-1))!;

        ErrorReport report = ErrorReport.Of(exception);

        Assert.That((report.ExitCode, report.Lines), Is.EqualTo((ExitCode.Failure, (string[])[exception.Message])));
    }

    [Test]
    public async Task Run_UnexpectedException_SaysHowToGetDetails()
    {
        using CommandLine commandLine = new((_, _) => throw new InvalidOperationException("Odd."));

        int exitCode = await commandLine.RunAsync("train");

        Assert.That(exitCode, Is.EqualTo(ExitCode.Failure));
        Assert.That(commandLine.Error, Does.Contain("Unexpected InvalidOperationException: Odd.")
            .And.Contain("FEATUREALIGNMENT_DEBUG=1").And.Not.Contain("   at "));
    }
}
