using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Runs;

/// <summary>The work of <c>reconstruct</c>.</summary>
internal static class RunReconstruction
{
    private const int Scale = 3;

    public static async Task<int> RunAsync(
        CommandEnvironment environment, DatasetCatalog catalog, ReconstructRequest request, CancellationToken cancellation)
    {
        TrainedRun run = TrainedRun.Open(request.Folder, request.Settings, environment);
        RequirePictures(run, request);
        LoadedDataset dataset = await RunSamples.LoadDatasetAsync(catalog, request.Settings, environment, cancellation);
        run.RequireSamples(dataset.Name, dataset.Test);
        using RunMeasurement measurement = run.Measure();
        IReadOnlyList<Reconstruction> reconstructions = measurement.ReconstructFirst(
            new StoppableSamples(dataset.Test, cancellation), request.Count, request.LayerNumber);

        // Paths stand on lines of their own, unbroken, to be copied.
        TextWriter output = environment.Output.Profile.Out.Writer;
        Save(ImageSheet.OfReconstructions(reconstructions, Scale), request.PictureFile);
        string columns = request.LayerNumber is { } layerNumber
            ? $"input, decoded from layer {layerNumber}, error"
            : run.Network.Layers.Count > 1
                ? "input, reconstruction by layer 1, error, decoded from the top layer"
                : "input, reconstruction, error";
        output.WriteLine($"{reconstructions.Count} test samples, one a row ({columns}):  {request.PictureFile}");

        IReadOnlyList<GrayImage> classes = measurement.DrawClasses();
        if (classes.Count > 0)
        {
            string classFile = Path.ChangeExtension(request.PictureFile, null) + "-classes.png";
            Save(ImageSheet.OfClassPictures(classes, Scale), classFile);
            output.WriteLine($"What each class draws ({string.Join(", ", run.Format.ClassNames)}):  {classFile}");
        }

        return ExitCode.Success;
    }

    private static void Save(PngImage picture, string path)
    {
        try
        {
            picture.Save(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' could not be written: {exception.Message} Choose another place with --out.", exception);
        }
    }

    private static void RequirePictures(TrainedRun run, ReconstructRequest request)
    {
        if (!run.Network.Reconstructs)
        {
            throw new UsageException("Only layers trained by alignment reconstruct; this run was trained by backpropagation.");
        }

        if (run.Format.ImageWidth is null)
        {
            throw new UsageException(
                "Reconstructions are drawn of images; this run learned rows of a table. See its errors with: simulator evaluate --run "
                + request.Folder.Path);
        }

        if (request.LayerNumber > run.Network.Layers.Count)
        {
            throw new UsageException(
                $"Layer {request.LayerNumber} has not begun to learn; {run.Network.Layers.Count} of {request.Settings.Layers.Count} have.");
        }
    }
}
