using System.IO;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Commands;

/// <summary>The commands that work on a finished run: evaluate, predict, reconstruct, info.</summary>
[TestFixture]
internal sealed class RunCommandTests
{
    private CommandLine commandLine = null!;
    private string run = null!;

    [SetUp]
    public async Task SetUp()
    {
        commandLine = new CommandLine();
        await commandLine.RunAsync("train --dataset mnist --data images --layers 64,32");
        run = commandLine.Trained!.Folder.Path;
    }

    [TearDown]
    public void TearDown() => commandLine.Dispose();

    [TestCase("evaluate", "Option '--run' is required.")]
    [TestCase("evaluate --run RUN --dataset mnst", "was 'mnst'. Did you mean 'mnist'?")]
    [TestCase("evaluate --run RUN --dataset digits --data images", "Dataset digits is drawn, not read")]
    [TestCase("evaluate --run RUN --data rows.csv", "Dataset mnist is read from a folder with IDX files")]
    [TestCase("evaluate --run RUN --json missing/result.json", "Option --json must name a file in an existing folder")]
    [TestCase("evaluate --run RUN --json RUN/result.json", "Option --json must not name a file that the run keeps for itself")]
    [TestCase("reconstruct --run RUN --out RUN/./settings.json", "Option --out must not name a file that the run keeps for itself")]
    [TestCase("predict --run RUN --row 1 --row 2", "'--row' expects a single argument but 2 were provided")]
    [TestCase("predict --run RUN", "One sample must be given")]
    [TestCase("predict --run RUN --image a.png --row 1,2", "One sample must be given")]
    [TestCase("predict --run RUN --row 1,,2", "Row must be finite numbers with commas between them, such as 5.1,3.5; was '1,,2'.")]
    [TestCase("predict --run RUN --row 1,NaN", "was '1,NaN'")]
    [TestCase("reconstruct --run RUN --count 0", "Count must be from 1 to 1,000; was 0.")]
    [TestCase("reconstruct --run RUN --count 1001", "Count must be from 1 to 1,000; was 1,001.")]
    [TestCase("reconstruct --run RUN --layer 0", "Layer must be from 1 to 2, the layers of the run; was 0.")]
    [TestCase("reconstruct --run RUN --layer 3", "Layer must be from 1 to 2, the layers of the run; was 3.")]
    [TestCase("reconstruct --run RUN --out missing/picture.png", "Option --out must name a file in an existing folder")]
    [TestCase("info --run nowhere", "Option --run must name the folder of a run; 'nowhere' holds no settings.json")]
    [TestCase("info --run RUN/settings.json", "settings.json' is a file")]
    [TestCase("info --runs nowhere", "Unknown option '--runs'. Did you mean '--run'?")]
    public async Task Call_Wrong_SaysWhatIsWrong(string call, string message)
    {
        int exitCode = await commandLine.RunAsync(call.Replace("RUN", run));

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(ExitCode.Usage));
            Assert.That(commandLine.Error, Does.Contain(message).And.Not.Contain("   at "));
            Assert.That(commandLine.Requested, Is.Null);
        });
    }

    [Test]
    public async Task Evaluate_TakesTheRunsData()
    {
        string json = commandLine.In("result.json");

        EvaluateRequest request = await RequestAsync<EvaluateRequest>("evaluate", "--json", json);

        Assert.That((request.Settings.Dataset, request.Settings.Data, request.JsonFile), Is.EqualTo(("mnist", "images", json)));
    }

    [TestCase("digits", null)]
    [TestCase("fashion-mnist", "other")]
    public async Task Evaluate_OtherDataset_DoesNotKeepTheRunsFolder(string dataset, string? data)
    {
        string[] options = data is null ? ["--dataset", dataset] : ["--dataset", dataset, "--data", data];

        EvaluateRequest request = await RequestAsync<EvaluateRequest>("evaluate", options);

        Assert.That((request.Settings.Dataset, request.Settings.Data), Is.EqualTo((dataset, data)));
    }

    [Test]
    public async Task Predict_Row_GivesItsNumbers()
    {
        PredictRequest request = await RequestAsync<PredictRequest>("predict", "--row", "-1, 2.5,1e-3");

        Assert.That(request.Row, Is.EqualTo(new[] { -1f, 2.5f, 0.001f }));
        Assert.That(request.ImageFile, Is.Null);
    }

    [Test]
    public async Task Predict_Image_GivesItsFile() =>
        Assert.That((await RequestAsync<PredictRequest>("predict", "--image", "seven.png")).ImageFile, Is.EqualTo("seven.png"));

    [Test]
    public async Task Reconstruct_NoOptions_ShowsTenSamplesOfAllLayersInTheRunsFolder()
    {
        ReconstructRequest request = await RequestAsync<ReconstructRequest>("reconstruct");

        string picture = Path.Combine(run, "reconstructions.png");
        Assert.That((request.Count, request.LayerNumber, request.PictureFile), Is.EqualTo((10, (int?)null, picture)));
    }

    [Test]
    public async Task Reconstruct_Options_ReachTheRequest()
    {
        string picture = commandLine.In("a.png");

        ReconstructRequest request =
            await RequestAsync<ReconstructRequest>("reconstruct", "--count", "3", "--layer", "2", "--out", picture);

        Assert.That((request.Count, request.LayerNumber, request.PictureFile), Is.EqualTo((3, (int?)2, picture)));
    }

    [Test]
    public async Task Info_ReadsTheRunsSettings() =>
        Assert.That((await RequestAsync<InfoRequest>("info")).Settings.Layers, Is.EqualTo(new[] { 64, 32 }));

    [TestCase("evaluate")]
    [TestCase("predict")]
    [TestCase("reconstruct")]
    [TestCase("info")]
    public async Task Help_ShowsAnExample(string command)
    {
        Assert.That(await commandLine.RunAsync($"{command} --help"), Is.EqualTo(ExitCode.Success));

        Assert.That(commandLine.Output, Does.Contain($"Examples:{System.Environment.NewLine}  simulator {command} --run runs/"));
    }

    private async Task<TRequest> RequestAsync<TRequest>(string command, params string[] options)
    {
        Assert.That(await commandLine.RunAsync([command, "--run", run, .. options]), Is.EqualTo(ExitCode.Success), commandLine.Error);
        return (TRequest)commandLine.Requested!;
    }
}
