using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Training;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Training;

[TestFixture]
internal sealed class MetricsRecorderTests
{
    [Test]
    public void TrainingSeconds_AddsUpTheIntervalsOfTheNetworksRows()
    {
        MetricRow[] rows =
        [
            new(100, 0) { Layer = 0, AlignmentLoss = 1 },
            new(100, 0) { SamplesPerSecond = 50 },
            new(100, 1) { TestAccuracy = 0.5 },
            new(400, 1) { SamplesPerSecond = 100 },
        ];

        Assert.That(MetricsRecorder.TrainingSeconds(rows), Is.EqualTo(2 + 3));
    }
}
