using System;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Sensors;

namespace FeatureAlignment.Device.Detection;

/// <summary>
/// T², the distance of latent values from their running mean under their running covariance (Hotelling 1931), divided by their number: about
/// 1 for normal windows. It sees what can be reconstructed but has not been there before.
/// </summary>
/// <remarks>The covariance is factorised, Σ = L Lᵀ (Cholesky), now and then; T² = ‖L⁻¹ (h − μ)‖² / d by forward substitution.</remarks>
public sealed class LatentDistance
{
    // Share of the mean variance that is added to each variance: directions that hardly vary must not rule the distance.
    private const double Ridge = 1e-2;

    // Absolute, for latent values that have not varied at all.
    private const double LeastVariance = 1e-9;

    // A covariance of thousands of windows does not change noticeably within this many.
    private const int WindowsPerFactor = 32;

    private readonly int size;
    private readonly double rate;
    private readonly double[] mean;
    private readonly double[] covariance;
    private readonly double[] factor;
    private readonly double[] solved;
    private long count;

    /// <summary>A distance that knows nothing yet.</summary>
    /// <param name="latents">d, 1 or more; memory and time grow with its square.</param>
    /// <param name="halfLife">Windows after which a window counts half.</param>
    public LatentDistance(int latents, double halfLife)
    {
        ArgumentChecks.InRange(latents, 1, 1024, "Number of latent values");
        size = latents;
        rate = Forgetting.Rate(halfLife);
        mean = new double[size];
        covariance = new double[size * size];
        factor = new double[size * size];
        solved = new double[size];
        Factorize();
    }

    /// <summary>T² / d of latent values; 0 before the first were learned.</summary>
    public double Measure(ReadOnlySpan<float> latents)
    {
        ArgumentChecks.SameLength(latents.Length, size, nameof(latents));
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            double rest = latents[i] - mean[i];
            for (int j = 0; j < i; j++)
            {
                rest -= factor[(i * size) + j] * solved[j];
            }

            solved[i] = rest / factor[(i * size) + i];
            sum += solved[i] * solved[i];
        }

        return count > 0 ? sum / size : 0;
    }

    /// <summary>Takes the latent values of a normal window into account.</summary>
    public void Learn(ReadOnlySpan<float> latents)
    {
        ArgumentChecks.SameLength(latents.Length, size, nameof(latents));
        double weight = Forgetting.RecentWeight(count, rate);
        for (int i = 0; i < size; i++)
        {
            double difference = latents[i] - mean[i];
            for (int j = 0; j <= i; j++)
            {
                double product = difference * (latents[j] - mean[j]);
                covariance[(i * size) + j] = (1 - weight) * (covariance[(i * size) + j] + (weight * product));
            }
        }

        for (int i = 0; i < size; i++)
        {
            mean[i] += weight * (latents[i] - mean[i]);
        }

        count++;
        if (count % WindowsPerFactor == 0 || count < WindowsPerFactor)
        {
            Factorize();
        }
    }

    internal void Write(CheckpointWriter writer)
    {
        writer.WriteDoubles("latentMean", mean);
        writer.WriteDoubles("latentCovariance", covariance);
        writer.WriteDoubles("latentFactor", factor);
        writer.Write("latentCount", count);
    }

    internal void Read(CheckpointReader reader)
    {
        reader.ReadDoubles("latentMean", mean);
        reader.ReadDoubles("latentCovariance", covariance);
        reader.ReadDoubles("latentFactor", factor);
        count = reader.ReadLong("latentCount");
    }

    /// <summary>L of the regularised covariance, in the lower triangle.</summary>
    private void Factorize()
    {
        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += covariance[(i * size) + i];
        }

        double added = (Ridge * trace / size) + LeastVariance;
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
