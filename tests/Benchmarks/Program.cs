using BenchmarkDotNet.Running;

// Without arguments it lists the benchmarks and asks; --filter '*' runs all of them.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
