using System;
using System.Collections.Generic;
using FeatureAlignment.Alignment;
using FeatureAlignment.Device.Activities;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Activities;

[TestFixture]
public sealed class MeanLossesTests
{
    [Test]
    public void Means_AreOverSamples_AndStartAnewAfterAReport()
    {
        var losses = new MeanLosses(1);
        losses.Add([new AlignmentLoss(9, 2, 4)], 3);
        losses.Add([new AlignmentLoss(9, 6, 0)], 1);
        Assert.That(Report(losses), Is.EqualTo(new[] { ("alignment_loss", 0, 3.0), ("label_loss", 0, 3.0) }));
        Assert.That(Report(losses), Is.Empty);
        losses.Add([new AlignmentLoss(0, 5, 0)], 2);
        Assert.That(Report(losses), Is.EqualTo(new[] { ("alignment_loss", 0, 5.0) }));
    }

    [Test]
    public void Layer_ThatDidNotLearn_IsNeitherReportedNorCounted()
    {
        var losses = new MeanLosses(2);
        losses.Add([new AlignmentLoss(0, 4, 0), new AlignmentLoss(0, 0, 0)], 6, onlyLayer: 0);
        losses.Add([new AlignmentLoss(0, 4, 0), new AlignmentLoss(0, 1, 0)], 2, onlyLayer: 1);
        Assert.That(Report(losses), Is.EqualTo(new[] { ("alignment_loss", 0, 4.0), ("alignment_loss", 1, 1.0) }));
        losses.Add([new AlignmentLoss(0, 4, 0), new AlignmentLoss(0, 2, 0)], 2, onlyLayer: 1);
        Assert.That(Report(losses), Is.EqualTo(new[] { ("alignment_loss", 1, 2.0) }));
    }

    private static List<(string Name, int Layer, double Value)> Report(MeanLosses losses)
    {
        var reporter = new PointList();
        losses.Report(reporter);
        return reporter.Points;
    }

    private sealed class PointList : IReporter
    {
        public List<(string, int, double)> Points { get; } = new();

        public void Point(string name, double value, int? layer = null) => Points.Add((name, layer!.Value, value));

        public void Event(string kind, TelemetryPriority level, string text, TelemetryFields? data = null) =>
            throw new NotSupportedException();

        public void Image(string kind, int width, int height, ReadOnlySpan<float> input, ReadOnlySpan<float> output, int label,
            int predicted) =>
            throw new NotSupportedException();
    }
}
