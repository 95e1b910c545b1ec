using System;
using System.IO;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Training;
using FeatureAlignment.Kernels;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Training;

[TestFixture]
public sealed class EvaluationPassTests
{
    private const int Samples = 50;

    private Trainer trainer = null!;

    [SetUp]
    public void Learn()
    {
        var options = new TrainingOptions { Layers = new[] { 12 }, Labels = LabelMode.Completed };
        trainer = Trainer.Create(options, new SyntheticDigits(1, 100), KernelSet.Scalar);
        for (int i = 0; i < 50; i++)
        {
            trainer.Step();
        }
    }

    [TearDown]
    public void End() => trainer.Dispose();

    [Test]
    public void Steps_TakeEverySampleOnce_AndAgreeWithOneSampleAtATime()
    {
        var tests = new SyntheticDigits(2, Samples);
        var pass = new EvaluationPass(trainer, null, tests, KernelSet.Scalar);
        Assert.That(() => pass.Step(), Throws.InvalidOperationException);
        int steps = Run(pass);
        Assert.That(steps, Is.EqualTo((Samples + PlacementPlan.EvaluationWindow - 1) / PlacementPlan.EvaluationWindow));
        Assert.That((pass.Tally.Samples, pass.Tally.Labelled, pass.IsUnderWay), Is.EqualTo((Samples, Samples, false)));

        int correct = 0;
        for (int i = 0; i < Samples; i++)
        {
            pass.Look(i);
            correct += pass.LastClass.Label == pass.LastClass.Predicted ? 1 : 0;
        }

        Assert.That(pass.Tally.Correct, Is.EqualTo(correct).And.EqualTo((int)Math.Round(pass.Tally.Accuracy * Samples)));
        Assert.That(pass.Tally.Samples, Is.EqualTo(Samples), "a look is not counted");
    }

    [Test]
    public void Look_BetweenTwoSteps_LeavesThePassAsItIs()
    {
        var pass = new EvaluationPass(trainer, null, new SyntheticDigits(2, Samples), KernelSet.Scalar);
        Run(pass);
        int correct = pass.Tally.Correct;
        pass.Begin();
        do
        {
            pass.Look(7);
        }
        while (!pass.Step());

        Assert.That(pass.Tally.Correct, Is.EqualTo(correct));
    }

    [Test]
    public void Storage_ThatFails_StartsThePassAnew()
    {
        var tests = new Failing(new SyntheticDigits(2, Samples));
        var pass = new EvaluationPass(trainer, null, tests, KernelSet.Scalar);
        pass.Begin();
        pass.Step();
        tests.FailsAt = PlacementPlan.EvaluationWindow + 1;
        Assert.That(() => pass.Step(), Throws.InstanceOf<IOException>());
        tests.FailsAt = -1;
        while (!pass.Step())
        {
        }

        Assert.That(pass.Tally.Samples, Is.EqualTo(Samples));
    }

    private static int Run(EvaluationPass pass)
    {
        pass.Begin();
        int steps = 1;
        while (!pass.Step())
        {
            steps++;
        }

        return steps;
    }

    private sealed class Failing(ISampleSource samples) : ISampleSource
    {
        public int FailsAt { get; set; } = -1;

        public int Count => samples.Count;

        public int Inputs => samples.Inputs;

        public int Classes => samples.Classes;

        public int Read(int sampleIndex, Span<float> features) =>
            sampleIndex == FailsAt ? throw new IOException("no answer") : samples.Read(sampleIndex, features);
    }
}
