using System;
using System.Linq;
using FeatureAlignment.Device.Detection;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Detection;

[TestFixture]
public sealed class RunningDistanceTests
{
    // Two orders of summation in double, and a division by a small determinant.
    private const double Rounding = 1e-9;

    // Share of the mean variance that is added to each.
    private const double Ridge = 1e-3;

    [Test]
    public void Measure_IsTheDistanceUnderTheDirectlyComputedCovariance()
    {
        // Fewer than the vectors after which far ones count less.
        const int Count = 30;
        var random = new RandomSource(11);
        float[][] vectors = Enumerable.Range(0, Count).Select(_ =>
        {
            float x = random.NextNormal();
            return new[] { x, (0.9f * x) + (0.3f * random.NextNormal()) };
        }).ToArray();
        var distance = new RunningDistance(2, 1e6, Ridge);
        foreach (float[] vector in vectors)
        {
            distance.Learn(vector);
        }

        // The weight that vector i has in the end: its own, and what later ones left of it.
        double[] weights = vectors.Select((_, i) => 4.0 / (i + 4)).ToArray();
        for (int i = 0; i < Count; i++)
        {
            for (int later = i + 1; later < Count; later++)
            {
                weights[i] *= 1 - (4.0 / (later + 4));
            }
        }

        double Mean(Func<float[], double> f) => vectors.Select((vector, i) => weights[i] * f(vector)).Sum();
        double mx = Mean(v => v[0]), my = Mean(v => v[1]);
        double xx = Mean(v => (v[0] - mx) * (v[0] - mx)), yy = Mean(v => (v[1] - my) * (v[1] - my));
        double xy = Mean(v => (v[0] - mx) * (v[1] - my));
        double added = (Ridge * (xx + yy) / 2) + 1e-9;
        xx += added;
        yy += added;
        double px = 1 - mx, py = -1 - my;
        double expected = ((yy * px * px) - (2 * xy * px * py) + (xx * py * py)) / ((xx * yy) - (xy * xy)) / 2;
        Assert.That(weights.Sum(), Is.EqualTo(1).Within(Rounding));
        Assert.That(distance.Measure([1, -1]), Is.EqualTo(expected).Within(Rounding * expected));
        Assert.That(distance.SquaredDeviation(0, 1), Is.EqualTo(px * px / (xx - added)).Within(1e-6));
    }

    [Test]
    public void Measure_OfNormalVectors_IsOneOnAverage()
    {
        var random = new RandomSource(12);
        var distance = new RunningDistance(3, 1e6, Ridge);
        var vector = new float[3];
        double sum = 0;
        for (int i = 0; i < 20_000; i++)
        {
            vector[0] = random.NextNormal();
            vector[1] = 100 * random.NextNormal();
            vector[2] = vector[1] + (30 * random.NextNormal());
            sum += i >= 10_000 ? distance.Measure(vector) : 0;
            distance.Learn(vector);
        }

        // Far vectors count less, and the ridge adds to the smallest: both by a few percent.
        Assert.That(sum / 10_000, Is.InRange(0.6, 1.2));
    }

    [Test]
    public void Learn_AnOutlier_CountsLess()
    {
        var distance = new RunningDistance(1, 1e6, Ridge);
        for (int i = 0; i < 1000; i++)
        {
            distance.Learn([i % 2 == 0 ? -1 : 1]);
        }

        distance.Learn([1000]);
        Assert.That(distance.Mean(0), Is.InRange(-0.02, 0.02));
    }

    [Test]
    public void Measure_BeforeAnything_IsZero() => Assert.That(new RunningDistance(2, 10, Ridge).Measure([3, 4]), Is.Zero);
}
