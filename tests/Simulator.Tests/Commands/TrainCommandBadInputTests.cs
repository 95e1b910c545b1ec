using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Commands;

[TestFixture]
internal sealed class TrainCommandBadInputTests
{
    [TestCase("", "A command is needed: train, evaluate, predict, reconstruct, info, compare, device, export, bench, memory.")]
    [TestCase(
        "trian",
        "Command must be one of train, evaluate, predict, reconstruct, info, compare, device, export, bench, memory; was 'trian'. "
        + "Did you mean 'train'?")]
    [TestCase("train --lerning-rate 0.1", "Unknown option '--lerning-rate'. Did you mean '--learning-rate'?")]
    [TestCase("train --lerning-rate=0.1", "Unknown option '--lerning-rate'. Did you mean '--learning-rate'?")]
    [TestCase("train --colour red", "Unknown option '--colour'.")]
    [TestCase("train --layers 512, 256", "Unexpected '256'")]
    [TestCase("train --epochs --batch 3", "Option --epochs needs a value; found '--batch' after it.")]
    [TestCase("train --epochs", "--epochs")]
    [TestCase("train --epochs 1 --epochs 2", "'--epochs' expects a single argument but 2 were provided")]
    [TestCase("train --layers 4 --layers 5", "'--layers' expects a single argument but 2 were provided")]
    [TestCase("train --dataset mnst", "Dataset must be one of digits, mnist, fashion-mnist; was 'mnst'. Did you mean 'mnist'?")]
    [TestCase("train --preset fast", "Preset must be one of quick, board, accurate; was 'fast'.")]
    [TestCase("train --activation rlu", "asinh, softplus; was 'rlu'. Did you mean 'relu'?")]
    [TestCase("train --activation 1", "Activation must be one of")]
    [TestCase("train --labels some", "Labels must be one of none, clamped, completed; was 'some'.")]
    [TestCase("train --rule backprop", "Rule must be one of alignment, backpropagation; was 'backprop'.")]
    [TestCase("train --schedule layered", "Schedule must be one of interleaved, layerwise; was 'layered'.")]
    [TestCase("train --optimizer sdg", "Optimizer must be one of sgd, momentum, adam; was 'sdg'. Did you mean 'sgd'?")]
    [TestCase("train --decay none", "Decay must be one of constant, linear, cosine; was 'none'.")]
    [TestCase("train --guess one", "Guess must be one of zero, random; was 'one'.")]
    [TestCase("train --kernels vector", "Kernels must be one of auto, scalar; was 'vector'.")]
    [TestCase("train --layers 512,,256", "Layers must be whole numbers with commas between them, such as 512,256; was '512,,256'.")]
    [TestCase("train --layers wide", "was 'wide'")]
    [TestCase("train --layers 12.5", "was '12.5'")]
    [TestCase("train --layers 0", "Layer 1 must have 1 to 65,536 neurons; had 0.")]
    [TestCase("train --layers 64,-5", "Layer 2 must have 1 to 65,536 neurons; had -5.")]
    [TestCase("train --layers -5", "Layer 1 must have 1 to 65,536 neurons; had -5.")]
    [TestCase("train --layers 65537", "Layer 1 must have 1 to 65,536 neurons; had 65,537.")]
    [TestCase("train --layers 99999999999", "Layers must be whole numbers")]
    [TestCase("train --learning-rate 0", "Learning rate must be greater than 0 and finite; was 0.")]
    [TestCase("train --learning-rate -0.1", "Learning rate must be greater than 0 and finite; was -0.1.")]
    [TestCase("train --learning-rate NaN", "Learning rate must be greater than 0 and finite; was NaN.")]
    [TestCase("train --learning-rate Infinity", "Learning rate must be greater than 0 and finite; was Infinity.")]
    [TestCase(
        "train --learning-rate 1e40",
        "must be a number with a decimal point in the range of a 32-bit float, such as 0.01; was '1e40'.")]
    [TestCase(
        "train --learning-rate 0,1",
        "Learning rate must be a number with a decimal point in the range of a 32-bit float, such as 0.01; was '0,1'.")]
    [TestCase("train --step-size 0", "Step size must be greater than 0 and finite; was 0.")]
    [TestCase("train --epochs 0", "Epochs must be from 1 to 100,000; was 0.")]
    [TestCase("train --epochs many", "Epochs must be a whole number; was 'many'.")]
    [TestCase("train --epochs 1.5", "Epochs must be a whole number; was '1.5'.")]
    [TestCase("train --epochs 99999999999", "Epochs must be a whole number; was '99999999999'.")]
    [TestCase("train --batch 0", "Batch must be from 1 to 65,536; was 0.")]
    [TestCase("train --limit 0", "Limit must be from 1 to")]
    [TestCase("train --threads 0", "Threads must be from 1 to 256; was 0.")]
    [TestCase("train --steps 0", "Steps must be from 1 to 100; was 0.")]
    [TestCase("train --validation -1", "Validation must be from 0 to")]
    [TestCase("train --seed -1", "Seed must be a whole number from 0")]
    [TestCase("train --drop-pixels 1", "Drop pixels must be from 0 to below 1; was 1.")]
    [TestCase("train --drop-pixels -0.1", "Drop pixels must be from 0 to below 1; was -0.1.")]
    [TestCase("train --drop-pixels NaN", "Drop pixels must be from 0 to below 1; was NaN.")]
    [TestCase("train --alignment-weight -1", "Alignment weight must be 0 or greater and finite; was -1.")]
    [TestCase("train --label-weight -1", "Label weight must be 0 or greater and finite; was -1.")]
    [TestCase("train --label-weight NaN", "Label weight must be 0 or greater and finite; was NaN.")]
    [TestCase("train --memory-budget 3XB", "Memory budget must be a size such as 300KB or 3MB (1 KB = 1,024 bytes); was '3XB'.")]
    [TestCase("train --memory-budget 0", "Memory budget must be at least 1 byte; was 0.")]
    [TestCase("train --initial-weights zero", "Initial weights must be one of orthogonal, he; was 'zero'.")]
    [TestCase("train --rows-in-memory 12", "Rows in memory must be a multiple of 8 from 8 to 65,536; was 12.")]
    [TestCase("train --rows-in-memory 0", "Rows in memory must be a multiple of 8 from 8 to 65,536; was 0.")]
    [TestCase("train --wear-budget 1GB", "without it leave --wear-budget out")]
    [TestCase("train --rows-in-memory 8", "use --schedule layerwise, --optimizer sgd, --initial-weights he.")]
    [TestCase(
        "train --rows-in-memory 8 --schedule layerwise --preset board --initial-weights he --guess random --steps 2",
        "use --steps 1, --guess zero.")]
    [TestCase("train --rule backpropagation --labels clamped", "Backpropagation learns from the labels at its head; labels were clamped")]
    [TestCase("train --rule backpropagation --labels none", "Backpropagation learns from the labels at its head; labels were none")]
    [TestCase("train --rule backpropagation --schedule layerwise", "Backpropagation trains all layers at once; schedule was layerwise")]
    [TestCase("train --rule backpropagation --guess random", "Backpropagation makes no reconstruction")]
    [TestCase("train --rule backpropagation --steps 2", "Backpropagation makes no reconstruction")]
    [TestCase("train --rule backpropagation --alignment-weight 1", "Option --alignment-weight has no effect with --rule backpropagation")]
    [TestCase("train --labels none --label-weight 1", "Option --label-weight has no effect with --labels none")]
    [TestCase("train --labels clamped --alignment-weight 0", "Something must be learned")]
    [TestCase("train --alignment-weight 0 --label-weight 0", "Something must be learned")]
    [TestCase("train --label kind", "Label names a column of a .csv file; was 'kind' without --data FILE.csv.")]
    [TestCase("train --data folder", "Dataset digits is drawn, not read")]
    [TestCase("train --dataset mnist --data rows.csv", "Dataset mnist is read from a folder with IDX files; was the file 'rows.csv'")]
    [TestCase("train --data rows.csv --labels completed", "add --label COLUMN, or use --labels none")]
    [TestCase("train --data rows.csv --rule backpropagation", "add --label COLUMN")]
    [TestCase("train --resume", "A run is needed to resume; there is none in")]
    public async Task Train_WrongCall_SaysWhatIsWrongOnce(string call, string message)
    {
        using CommandLine commandLine = new();

        int exitCode = await commandLine.RunAsync(call);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
            Assert.That(commandLine.Error, Does.StartWith("error: ").And.Contain(message).And.Not.Contain("   at "));
            Assert.That(commandLine.Trained, Is.Null);
        });
    }

    [Test]
    public async Task Train_SeveralFaults_ShowsAllOfThem()
    {
        using CommandLine commandLine = new();

        int exitCode = await commandLine.RunAsync(
            "train --lerning-rate 1 --dataset mnst --layers 512,,256 --batch 0 --learning-rate -1 --rule backpropagation --steps 2");

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
            Assert.That(commandLine.Errors, Is.EqualTo(6), commandLine.Error);
        });
    }

    [Test]
    public async Task Train_TooManyLayers_IsRefused()
    {
        using CommandLine commandLine = new();

        int exitCode = await commandLine.RunAsync("train", "--layers", string.Join(',', new int[257]).Replace('0', '8'));

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
            Assert.That(commandLine.Error, Does.Contain("Layers must be 1 to 256 numbers; were 257."));
        });
    }
}
