using BenchmarkDotNet.Running;
using FeatureAlignment.Benchmarks;

// Without arguments it lists the benchmarks and asks; --filter '*' runs all of them.
BenchmarkSwitcher.FromAssembly(typeof(ProductBenchmarks).Assembly).Run(args);
