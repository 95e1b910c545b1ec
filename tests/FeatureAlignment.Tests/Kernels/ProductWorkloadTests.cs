using System;
using FeatureAlignment.Kernels;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Kernels;

public sealed class ProductWorkloadTests
{
    [TestCaseSource(typeof(KernelForms), nameof(KernelForms.All))]
    public void Run_MultipliesTheWeightsByTheInput(string form)
    {
        ProductWorkload workload = new(KernelForms.Get(form), rows: 3, rowLength: 2);

        workload.Run(2);

        // Element i of input and of weights is ((7 i mod 17) − 8) / 8: −8, −1, 6, −4, 3, −7, so every sum is of eighths and exact.
        Assert.That(workload.Output.ToArray(), Is.EqualTo(new[] { 65 / 64f, -44 / 64f, -17 / 64f }));
        Assert.That(workload.MultiplyAdds, Is.EqualTo(6));
    }

    [Test]
    public void Run_NotYet_HasNoOutput() => Assert.That(new ProductWorkload(KernelSet.Scalar, 3, 2).Output.ToArray(), Is.All.Zero);

    [Test]
    public void Run_AllocatesNothing()
    {
        ProductWorkload workload = new(KernelSet.Best, 128, 784);
        workload.Run(1);

        long allocated = Allocation.Of(() => workload.Run(10));

        Assert.That(allocated, Is.Zero);
    }

    [TestCase(0, 4)]
    [TestCase(4, 0)]
    [TestCase(1 << 20, 1 << 20)]
    public void Create_SizeOutOfRange_Throws(int rows, int rowLength) =>
        Assert.That(() => new ProductWorkload(KernelSet.Scalar, rows, rowLength), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
