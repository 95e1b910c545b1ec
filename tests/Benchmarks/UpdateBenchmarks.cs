using System;
using BenchmarkDotNet.Attributes;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Benchmarks;

/// <summary>The passes over vectors: the vector form against the scalar one, which is their plain twin.</summary>
public class UpdateBenchmarks
{
    private const int Length = 784;

    private readonly float[] parameters = new float[Length];
    private readonly float[] gradient = new float[Length];
    private readonly float[] mean = new float[Length];
    private readonly float[] square = new float[Length];
    private readonly float[] slope = new float[Length];
    private readonly float[] ones = new float[Length];
    private readonly AdamCoefficients coefficients = new(0.9f, 0.999f, 1e-8f);

    [Params("scalar", "best")]
    public string Form { get; set; } = "best";

    private KernelSet Kernels => Form == "scalar" ? KernelSet.Scalar : KernelSet.Best;

    [GlobalSetup]
    public void Fill()
    {
        RandomSource random = new(seed: 1);
        foreach (float[] vector in new[] { parameters, gradient, mean, slope })
        {
            for (int i = 0; i < Length; i++)
            {
                vector[i] = random.NextNormal();
            }
        }

        Array.Fill(square, 1);
        // Factors of a value that is replaced again and again: it must neither vanish nor overflow.
        Array.Fill(ones, 1);
    }

    [Benchmark]
    public void Momentum() => Kernels.Momentum(parameters, gradient, mean, 1e-6f, 0.9f);

    [Benchmark]
    public void Adam() => Kernels.Adam(parameters, gradient, mean, square, 1e-6f, coefficients);

    [Benchmark]
    public float MakeFeatures() => Kernels.MakeFeatures(parameters, gradient, slope, 1, mean);

    [Benchmark]
    public void MakeErrors() => Kernels.MakeErrors(mean, parameters, gradient, ones, slope, ones, 1, square);

    [Benchmark]
    public float ReplaceByResidual() => Kernels.ReplaceByResidual(parameters, mean, 0.5f);
}
