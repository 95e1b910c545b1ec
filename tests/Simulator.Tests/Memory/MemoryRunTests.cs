using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Tests.Runs;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Memory;

[TestFixture]
internal sealed class MemoryRunTests
{
    private WholeSimulator simulator = null!;

    [SetUp]
    public void SetUp() => simulator = new WholeSimulator();

    [TearDown]
    public void TearDown() => simulator.Dispose();

    [Test]
    public async Task Memory_IsWhatWasPlanned_AndLayerwiseFlat()
    {
        await SucceedAsync("memory --width 128 --depths 12,2 --json RUN.json");

        JsonNode result = Json();
        JsonNode[] depths = [.. result["depths"]!.AsArray()!];
        Assert.That(depths.Select(depth => (int)depth["depth"]!), Is.EqualTo(new[] { 2, 12 }));
        Assert.Multiple(() =>
        {
            foreach (JsonNode depth in depths)
            {
                foreach (string training in (string[])["layerwise", "interleaved", "backpropagation"])
                {
                    // Objects beside the arrays are not planned, and the test run itself allocates in the background.
                    long planned = (long)depth[training]!["plannedBytes"]!;
                    Assert.That(
                        (long)depth[training]!["heldBytes"]!, Is.EqualTo(planned).Within(8).Percent,
                        $"{training}, {depth["depth"]} layers");
                    Assert.That((long)depth[training]!["allocatedBytes"]!, Is.GreaterThanOrEqualTo(planned));
                    Assert.That((long)depth[training]!["activationBytes"]!, Is.InRange(1, planned));
                }
            }

            Assert.That(Bytes(depths[1], "layerwise", "plannedBytes"), Is.EqualTo(Bytes(depths[0], "layerwise", "plannedBytes")));
            Assert.That(
                Bytes(depths[1], "backpropagation", "heldBytes"),
                Is.GreaterThan(4 * Bytes(depths[0], "backpropagation", "heldBytes")));
        });
    }

    [Test]
    public async Task Stored_IsEveryLayer()
    {
        await SucceedAsync("memory --width 32 --depths 3 --json RUN.json");

        // W, b, V and the label bias of each layer; the rest is headers, checksums and the commit record.
        const long Parameters = 3 * sizeof(float) * ((32 * (32 + 10 + 1)) + 10);
        JsonNode depth = Json()["depths"]![0]!;
        Assert.That(Bytes(depth, "layerwise", "storedBytes"), Is.InRange(Parameters, Parameters + 2048));
        Assert.That(Bytes(depth, "interleaved", "storedBytes") + Bytes(depth, "backpropagation", "storedBytes"), Is.Zero);
    }

    [Test]
    public async Task Picture_StandsAlone()
    {
        await SucceedAsync("memory --width 16 --depths 1,2,3 --batch 4 --optimizer sgd --out RUN.svg");

        XElement picture = XElement.Load(simulator.In("run.svg"));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Multiple(() =>
        {
            Assert.That(picture.DescendantsAndSelf().Select(element => element.Name.Namespace), Is.All.EqualTo(svg));
            Assert.That(picture.Elements(svg + "style").Count(), Is.EqualTo(1));
            Assert.That(picture.Elements(svg + "circle").Count(), Is.EqualTo(3 * 3));
            string texts = string.Join('\n', picture.Elements(svg + "text").Select(text => text.Value));
            Assert.That(
                texts,
                Does.Contain("Training memory by depth").And.Contain("layers of 16, batch 4, sgd").And.Contain("Alignment, layerwise:")
                    .And.Contain("Backpropagation:"));
        });
    }

    [TestCase("memory --width 0", "Width must be from 1 to 65,536; was 0.")]
    [TestCase("memory --depths 2,257", "Depth must be from 1 to 256; was 257.")]
    [TestCase("memory --depths 2,x", "Depths must be whole numbers")]
    [TestCase("memory --batch 0", "Batch must be from 1 to 65,536; was 0.")]
    [TestCase("memory --optimizer adan", "Did you mean 'adam'?")]
    [TestCase("memory --out memory.gif", "Option --out must name an .svg file; was 'memory.gif'.")]
    [TestCase("memory --out missing/memory.svg", "Option --out must name a file in an existing folder")]
    public async Task Call_Wrong_SaysWhatIsWrong(string call, string message)
    {
        int exitCode = await simulator.RunAsync(call);

        Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(simulator.Error, Does.Contain(message));
    }

    private JsonNode Json() => JsonNode.Parse(File.ReadAllText(simulator.In("run.json")))!;

    private static long Bytes(JsonNode depth, string training, string kind) => (long)depth[training]![kind]!;

    private async Task SucceedAsync(string call) =>
        Assert.That(await simulator.RunAsync(call), Is.EqualTo(ExitCode.Success), () => simulator.Error);
}
