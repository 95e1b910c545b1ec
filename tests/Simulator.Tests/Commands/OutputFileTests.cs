using System.IO;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Tests.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Commands;

[TestFixture]
internal sealed class OutputFileTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [TestCase(null)]
    [TestCase("")]
    [TestCase("something longer than what is written")]
    public void Write_LeavesTheFileAndNothingElse(string? before)
    {
        string path = Path.Combine(folder.Path, "result.json");
        if (before is not null)
        {
            File.WriteAllText(path, before);
        }

        OutputFile.Write(path, stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void Write_PlaceTaken_FailsAndLeavesNothing()
    {
        string path = Path.Combine(folder.Path, "taken");
        Directory.CreateDirectory(path);

        Assert.That(
            () => OutputFile.Write(path, stream => stream.Write("new"u8)),
            Throws.InstanceOf<IOException>().With.Message.StartsWith($"'{path}' could not be written: "));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    [Platform(Include = "Linux")]
    public void Write_Link_WritesWhereItPoints()
    {
        string path = Path.Combine(folder.Path, "link"), target = Path.Combine(folder.Path, "target");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(path, target);

        OutputFile.Write(path, stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
        Assert.That(new FileInfo(path).LinkTarget, Is.EqualTo(target));
    }
}
