using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Charts;

namespace FeatureAlignment.Simulator.Reports.Html;

/// <summary>The figures of each layer, the memory plan, the settings, and the command that repeats the run.</summary>
internal static class TableSections
{
    private const int BytesPerParameter = sizeof(float);
    private const string NotMeasured = "–";

    public static XElement Layers(RunResult result)
    {
        string[] head = ["Layer", "Size", "Accuracy", "Reconstruction MSE", "Dead neurons", "Parameters", "Weights"];
        return new XElement(
            "section",
            new XElement("h2", "Layers"),
            result.DecodedMse is double decodedMse
                ? new XElement(
                    "p",
                    new XAttribute("class", "note"),
                    "Decoded all the way down from the top layer, a test sample has a mean squared error of "
                    + $"{NumberText.Short(decodedMse)}.")
                : null,
            ScrollingTable.Build(
                ScrollingTable.Head(head), new XElement("tbody", result.Layers.Select((_, layerIndex) => LayerRow(result, layerIndex)))));
    }

    public static XElement Memory(RunResult result)
    {
        MemoryPlanSummary plan = result.MemoryPlan;
        (string Name, long Bytes)[] parts =
        [
            ("Weights", plan.Weights),
            ("Gradients", plan.Gradients),
            ("Optimizer state", plan.OptimizerState),
            ("Activations", plan.Activations),
            ("Work buffers", plan.WorkBuffers),
        ];
        return new XElement(
            "section",
            new XElement("h2", "Memory"),
            new XElement(
                "p",
                new XAttribute("class", "note"),
                "As planned before anything was allocated; the run held ",
                NumberText.Bytes(result.TrainingBytes),
                " at its peak, the data set not counted."),
            ScrollingTable.Build(
                new XAttribute("class", "memory"),
                new XElement(
                    "tbody",
                    parts.Select(part => new XElement(
                        "tr",
                        new XElement("th", new XAttribute("scope", "row"), part.Name),
                        new XElement("td", new XAttribute("class", "bar"), Bar(part.Bytes, plan.Total)),
                        new XElement("td", NumberText.Bytes(part.Bytes))))),
                new XElement(
                    "tfoot",
                    new XElement(
                        "tr",
                        new XElement("th", new XAttribute("scope", "row"), "Total"),
                        new XElement("td"),
                        new XElement("td", NumberText.Bytes(plan.Total))))));
    }

    public static XElement Settings(RunResult result)
    {
        List<(string Name, string Value)> settings =
        [
            ("Data set", result.Dataset),
            ("Training samples", result.Limit is int limit ? $"first {NumberText.Whole(limit)}" : "all"),
            ("Held out", result.Validation == 0 ? "none" : NumberText.Whole(result.Validation)),
            ("Rule", result.Rule),
            ("Layers", string.Join(", ", result.Layers)),
            ("Activation", result.Activation),
            ("Labels", result.Labels),
            ("Schedule", result.Schedule),
            ("Preset", result.Preset),
            ("Epochs", Number(result.Epochs)),
            ("Batch", Number(result.Batch)),
            ("Optimizer", result.Optimizer),
            ("Learning rate", Number(result.LearningRate)),
            ("Decay", result.Decay),
            ("Alignment weight α", Number(result.AlignmentWeight)),
            ("Label weight β", Number(result.LabelWeight)),
            ("Feature steps T", Number(result.Steps)),
            ("Step size η", Number(result.StepSize)),
            ("Guess", result.Guess),
            ("Dropped inputs", Number(result.DropPixels)),
            ("Seed", result.Seed.ToString(CultureInfo.InvariantCulture)),
            ("Threads", Number(result.Threads)),
            ("Kernels", result.Kernels),
            ("Runtime", $"{result.Runtime.DotNet}, {result.Runtime.Architecture}"),
            ("System", $"{result.Runtime.OperatingSystem}, {Number(result.Runtime.ProcessorCount)} processors"),
        ];
        return new XElement(
            "section",
            new XElement("h2", "Settings"),
            new XElement(
                "dl",
                new XAttribute("class", "settings"),
                settings.Select(setting => new XElement("div", new XElement("dt", setting.Name), new XElement("dd", setting.Value)))));
    }

    public static XElement Repeat(RunResult result) => new(
        "section",
        new XElement("h2", "Repeat this run"),
        new XElement("pre", result.Command),
        new XElement(
            "p",
            new XAttribute("class", "note"),
            "The same seed and kernels give the same weights, whatever the number of threads. SHA-256 of the weights: ",
            new XElement("code", result.WeightsSha256)));

    private static XElement LayerRow(RunResult result, int layerIndex)
    {
        int inputs = layerIndex == 0 ? result.Inputs : result.Layers[layerIndex - 1];
        int outputs = result.Layers[layerIndex];
        string[] values =
        [
            string.Create(CultureInfo.InvariantCulture, $"{inputs} → {outputs}"),
            Value(result.LayerAccuracies, layerIndex, accuracy => accuracy is double share ? NumberText.Percent(share) : NotMeasured),
            Value(result.ReconstructionMse, layerIndex, NumberText.Short),
            Value(result.DeadNeurons, layerIndex, dead => string.Create(CultureInfo.InvariantCulture, $"{dead} of {outputs}")),
            Value(result.LayerParameters, layerIndex, parameters => NumberText.Whole(parameters)),
            Value(result.LayerParameters, layerIndex, parameters => NumberText.Bytes(parameters * BytesPerParameter)),
        ];
        return new XElement(
            "tr",
            new XElement("th", new XAttribute("scope", "row"), Number(layerIndex + 1)),
            values.Select(value => new XElement("td", value)));
    }

    private static string Value<T>(IReadOnlyList<T>? values, int index, Func<T, string> format) =>
        values is not null && index < values.Count ? format(values[index]) : NotMeasured;

    private static XElement Bar(long bytes, long total) => new(
        "span",
        new XAttribute("style", string.Create(CultureInfo.InvariantCulture, $"width:{(total == 0 ? 0 : 100.0 * bytes / total):0.##}%")));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
