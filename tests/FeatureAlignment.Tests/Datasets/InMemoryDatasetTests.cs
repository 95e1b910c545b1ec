using System;
using FeatureAlignment.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Datasets;

public class InMemoryDatasetTests
{
    private static readonly float[] ThreeSamples = [1, 2, 3, 4, 5, 6];

    [Test]
    public void Read_WithLabels_GivesRowAndLabel()
    {
        var dataset = new InMemoryDataset(ThreeSamples, 2, [0, 1, 1], 2);
        var features = new float[2];

        Assert.That(dataset.Read(1, features), Is.EqualTo(1));
        Assert.That(features, Is.EqualTo(new[] { 3f, 4f }));
        Assert.That((dataset.Count, dataset.Inputs, dataset.Classes), Is.EqualTo((3, 2, 2)));
    }

    [Test]
    public void Read_WithoutLabels_GivesMinusOne()
    {
        var dataset = new InMemoryDataset(ThreeSamples, 3);

        Assert.That(dataset.Read(0, new float[3]), Is.EqualTo(-1));
        Assert.That(dataset.Classes, Is.Zero);
    }

    [TestCase(0, "at least 1")]
    [TestCase(4, "whole samples of 4 values; 6 values found")]
    public void Constructor_InputsThatDoNotFit_Throws(int inputs, string fact) =>
        Assert.That(() => new InMemoryDataset(ThreeSamples, inputs), Throws.InstanceOf<ArgumentException>().With.Message.Contains(fact));

    [Test]
    public void Constructor_NoSamples_Throws() =>
        Assert.That(() => new InMemoryDataset([], 2), Throws.ArgumentException.With.Message.Contains("0 values found"));

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Constructor_ValueNotFinite_SaysWhere(float value) =>
        Assert.That(
            () => new InMemoryDataset([1, 2, 3, value], 2),
            Throws.ArgumentException.With.Message.Contains("sample index 1, feature index 1"));

    [Test]
    public void Constructor_LabelCountDiffers_SaysBoth() =>
        Assert.That(
            () => new InMemoryDataset(ThreeSamples, 2, [0, 1], 2),
            Throws.ArgumentException.With.Message.Contains("3 samples and 2 labels"));

    [TestCase(-1)]
    [TestCase(2)]
    public void Constructor_LabelOutOfRange_SaysWhere(int label) =>
        Assert.That(
            () => new InMemoryDataset(ThreeSamples, 2, [0, label, 1], 2),
            Throws.ArgumentException.With.Message.Contains($"from 0 to 1; {label} found at sample index 1"));

    [Test]
    public void Constructor_ClassesWithoutLabels_Throws() =>
        Assert.That(() => new InMemoryDataset(ThreeSamples, 2, null, 2), Throws.ArgumentException.With.Message.Contains("must be 0"));

    [Test]
    public void Constructor_OneClass_Throws() =>
        Assert.That(
            () => new InMemoryDataset(ThreeSamples, 2, [0, 0, 0], 1), Throws.ArgumentException.With.Message.Contains("at least 2"));
}
