using System;
using System.Globalization;
using System.IO;
using System.Linq;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Simulator.Commands;
using FeatureAlignment.Simulator.Reports;

namespace FeatureAlignment.Simulator.Runs;

/// <summary>The work of <c>predict</c>.</summary>
internal static class RunPrediction
{
    public static int Run(CommandEnvironment environment, PredictRequest request)
    {
        TrainedRun run = TrainedRun.Open(request.Folder, request.Settings, environment);
        TextWriter output = environment.Output.Profile.Out.Writer;
        float[] features = request.ImageFile is { } imageFile ? ReadImage(run, imageFile, output) : ReadRow(run, request);
        using RunMeasurement measurement = run.Measure();
        Write(output, run, measurement.Predict(features));
        return ExitCode.Success;
    }

    private static void Write(TextWriter output, TrainedRun run, Prediction prediction)
    {
        string predicted = prediction.Class < 0 ? "none: the run learned no labels" : run.Format.ClassNames[prediction.Class];
        output.WriteLine($"class  {predicted}");
        foreach ((int classIndex, float probability) in prediction.Probabilities.Index().OrderByDescending(pair => pair.Item))
        {
            output.WriteLine(Text($"{100 * probability,8:0.00} %  {run.Format.ClassNames[classIndex]}"));
        }

        if (run.Network.Reconstructs)
        {
            output.WriteLine(Text($"mean squared error of the reconstruction {prediction.ReconstructionMse:0.0000} by layer 1, ")
                + Text($"{prediction.DecodedMse:0.0000} decoded from the top"));
        }
    }

    private static float[] ReadImage(TrainedRun run, string path, TextWriter output)
    {
        if (run.Format is not { ImageWidth: { } width, ImageHeight: { } height })
        {
            throw new UsageException($"The run takes rows of {run.Format.Inputs} numbers, no images; give one with --row \"…\".");
        }

        using FileStream stream = OpenImage(path);
        DecodedPng png = PngReader.Read(stream, width, height);
        if (png.Inverted || (png.FileWidth, png.FileHeight) != (width, height))
        {
            string inverted = png.Inverted ? ", light and dark exchanged" : "";
            output.WriteLine($"image  {png.FileWidth} x {png.FileHeight}, read as {width} x {height}{inverted}");
        }

        return [.. png.Image.Pixels];
    }

    private static FileStream OpenImage(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"Option --image must name a PNG file; '{path}' is a folder.");
        }

        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"Option --image must name a PNG file; there is no '{path}'.");
        }
    }

    private static float[] ReadRow(TrainedRun run, PredictRequest request)
    {
        float[] row = [.. request.Row!];
        if (row.Length != run.Format.Inputs)
        {
            throw new UsageException($"The row must have the run's {run.Format.Inputs} features; {row.Length} found.");
        }

        TrainedRun.ReadScaling(request.Folder)?.Apply(row);
        return row;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
