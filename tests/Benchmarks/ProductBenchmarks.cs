using BenchmarkDotNet.Attributes;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;

namespace FeatureAlignment.Benchmarks;

/// <summary>The matrix products, each form against its plain twin, with the shapes of a layer of 784 inputs and 128 outputs.</summary>
public class ProductBenchmarks
{
    private const int Inputs = 784;
    private const int Outputs = 128;

    private Matrix x;
    private Matrix weights;
    private Matrix h;
    private Matrix error;
    private Matrix gradient;

    [Params(1, 32)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        RandomSource random = new(seed: 1);
        x = Random(random, Batch, Inputs);
        weights = Random(random, Outputs, Inputs);
        h = Random(random, Batch, Outputs);
        error = Random(random, Batch, Inputs);
        gradient = Random(random, Outputs, Inputs);
    }

    [Benchmark]
    public void MultiplyTransposed_Best() => KernelSet.Best.MultiplyTransposed(x, weights, h);

    [Benchmark]
    public void MultiplyTransposed_Scalar() => KernelSet.Scalar.MultiplyTransposed(x, weights, h);

    [Benchmark]
    public object MultiplyTransposed_Plain() => PlainKernels.MultiplyTransposed(x, weights);

    [Benchmark]
    public void AddMultiply_Best() => KernelSet.Best.AddMultiply(h, weights, error);

    [Benchmark]
    public void AddMultiply_Scalar() => KernelSet.Scalar.AddMultiply(h, weights, error);

    [Benchmark]
    public void AddMultiply_Plain() => PlainKernels.AddMultiply(h, weights, PlainMatrix.CopyOf(error));

    [Benchmark]
    public void AddTransposedMultiply_Best() => KernelSet.Best.AddTransposedMultiply(h, x, gradient);

    [Benchmark]
    public void AddTransposedMultiply_Scalar() => KernelSet.Scalar.AddTransposedMultiply(h, x, gradient);

    [Benchmark]
    public void AddTransposedMultiply_Plain() => PlainKernels.AddTransposedMultiply(h, x, PlainMatrix.CopyOf(gradient));

    [Benchmark]
    public void AddTransposedMultiplyPair_Best() => KernelSet.Best.AddTransposedMultiplyPair(h, error, h, x, gradient);

    [Benchmark]
    public void AddTransposedMultiplyPair_Scalar() => KernelSet.Scalar.AddTransposedMultiplyPair(h, error, h, x, gradient);

    [Benchmark]
    public void AddTransposedMultiplyPair_Plain()
    {
        PlainMatrix sum = PlainMatrix.CopyOf(gradient);
        PlainKernels.AddTransposedMultiply(h, error, sum);
        PlainKernels.AddTransposedMultiply(h, x, sum);
    }

    // Small: products are added to the same place again and again and must stay finite.
    private static Matrix Random(RandomSource random, int rows, int columns)
    {
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = 1e-6f * random.NextNormal();
        }

        return new Matrix(data, rows, columns);
    }
}
