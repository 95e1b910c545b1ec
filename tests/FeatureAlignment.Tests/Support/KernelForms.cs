using System;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FeatureAlignment.Kernels;
using FeatureAlignment.Kernels.Vector;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Support;

/// <summary>Every form of the kernels by name, also those that this machine would not choose.</summary>
internal static class KernelForms
{
    public static readonly string[] All = ["scalar", "vector512", "vector256", "vector128"];

    public static readonly string[] Vectors = ["vector512", "vector256", "vector128"];

    public static readonly string[] Chosen = ["scalar", "best"];

    /// <summary>Skips the test where a form cannot keep its promise: without fused multiply-add the runtime calls a library.</summary>
    public static KernelSet Get(string name)
    {
        if (name.StartsWith("vector", StringComparison.Ordinal) && !Fma.IsSupported && !AdvSimd.IsSupported)
        {
            Assert.Ignore("This machine has no fused multiply-add.");
        }

        return name switch
        {
            "scalar" => KernelSet.Scalar,
            "best" => KernelSet.Best,
            "vector512" => new VectorKernels<Lanes512>(),
            "vector256" => new VectorKernels<Lanes256>(),
            "vector128" => new VectorKernels<Lanes128>(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such form."),
        };
    }
}
