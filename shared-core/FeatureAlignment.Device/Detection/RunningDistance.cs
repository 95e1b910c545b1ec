using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// Distance of a vector from its running mean under its running covariance, squared and divided by the vector's length: about 1 for what is
/// normal (Hotelling's T², 1931; Mahalanobis 1936). What is far away moves mean and covariance less, so that rare but normal events do not
/// hide what lasts.
/// </summary>
/// <remarks>
/// The covariance is factorised, Σ = L Lᵀ (Cholesky), now and then; the distance is ‖L⁻¹ (x − μ)‖² / d by forward substitution.
/// </remarks>
public sealed class RunningDistance
{
    // From this distance on a vector moves mean and covariance less: as one at this distance does.
    private const double FarAway = 4;

    // Absolute, for values that have not varied at all.
    private const double LeastVariance = 1e-9;

    // A covariance of thousands of windows does not change noticeably within this many.
    private const int WindowsPerFactor = 32;

    private readonly int size;
    private readonly double rate;
    private readonly double ridge;
    private readonly double[] mean;
    private readonly double[] covariance;
    private readonly double[] factor;
    private readonly double[] solved;
    private long count;

    /// <summary>A distance that knows nothing yet.</summary>
    /// <param name="size">Length of the vectors, 1 or more; memory and time grow with its square.</param>
    /// <param name="halfLife">Windows after which a window counts half.</param>
    /// <param name="ridge">
    /// Share of the mean variance that is added to each variance, above 0: directions that vary much less must not rule the distance.
    /// </param>
    public RunningDistance(int size, double halfLife, double ridge)
    {
        ArgumentChecks.InRange(size, 1, 1024, "Number of values");
        this.size = size;
        this.ridge = ridge;
        rate = Forgetting.Rate(halfLife);
        mean = new double[size];
        covariance = new double[size * size];
        factor = new double[size * size];
        solved = new double[size];
        Factorize();
    }

    /// <summary>The distance of a vector of d values; 0 before the first was learned.</summary>
    public double Measure(ReadOnlySpan<float> values)
    {
        ArgumentChecks.SameLength(values.Length, size, nameof(values));
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            double rest = values[i] - mean[i];
            for (int j = 0; j < i; j++)
            {
                rest -= factor[(i * size) + j] * solved[j];
            }

            solved[i] = rest / factor[(i * size) + i];
            sum += solved[i] * solved[i];
        }

        return count > 0 ? sum / size : 0;
    }

    /// <summary>Takes a normal vector into account.</summary>
    public void Learn(ReadOnlySpan<float> values)
    {
        double distance = count < WindowsPerFactor ? 0 : Measure(values);
        double weight = Forgetting.RecentWeight(count, rate) * (FarAway / Math.Max(distance, FarAway));
        for (int i = 0; i < size; i++)
        {
            double difference = values[i] - mean[i];
            for (int j = 0; j <= i; j++)
            {
                double product = difference * (values[j] - mean[j]);
                covariance[(i * size) + j] = (1 - weight) * (covariance[(i * size) + j] + (weight * product));
            }
        }

        for (int i = 0; i < size; i++)
        {
            mean[i] += weight * (values[i] - mean[i]);
        }

        count++;
        if (count % WindowsPerFactor == 0 || count < WindowsPerFactor)
        {
            Factorize();
        }
    }

    /// <summary>Running mean of one value.</summary>
    public double Mean(int index) => mean[index];

    /// <summary>How far one value is from its running mean, in running standard deviations, squared.</summary>
    public double SquaredDeviation(int index, float value)
    {
        double difference = value - mean[index];
        return difference * difference / Math.Max(covariance[(index * size) + index], LeastVariance);
    }

    internal void Write(CheckpointWriter writer)
    {
        writer.WriteDoubles("mean", mean);
        writer.WriteDoubles("covariance", covariance);
        writer.WriteDoubles("factor", factor);
        writer.Write("vectors", count);
    }

    internal void Read(CheckpointReader reader)
    {
        reader.ReadDoubles("mean", mean);
        reader.ReadDoubles("covariance", covariance);
        reader.ReadDoubles("factor", factor);
        count = reader.ReadLong("vectors");
    }

    /// <summary>L of the regularised covariance, in the lower triangle.</summary>
    private void Factorize()
    {
        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += covariance[(i * size) + i];
        }

        double added = (ridge * trace / size) + LeastVariance;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = covariance[(i * size) + j] + (i == j ? added : 0);
                for (int k = 0; k < j; k++)
                {
                    rest -= factor[(i * size) + k] * factor[(j * size) + k];
                }

                factor[(i * size) + j] = i == j ? Math.Sqrt(Math.Max(rest, LeastVariance)) : rest / factor[(j * size) + j];
            }
        }
    }
}
