using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Charts;

namespace FeatureAlignment.Simulator.Reports.Html;

/// <summary>The head of the page: title, headline numbers and one paragraph that says what was trained.</summary>
internal static class Summary
{
    public static string Title(RunResult result) =>
        $"{Capitalized(DatasetName(result.Dataset))}, {string.Join("–", result.Layers.Prepend(result.Inputs).Select(Number))}";

    public static XElement Header(RunResult result) => new(
        "header",
        new XElement(
            "p",
            new XAttribute("class", "kicker"),
            "FeatureAlignment run report",
            result.Finished ? null : new XElement("strong", "stopped before its end")),
        new XElement("h1", Title(result)),
        new XElement("dl", new XAttribute("class", "headline"), Headline(result)),
        new XElement("p", new XAttribute("class", "lead"), Explanation(result)));

    internal static string Explanation(RunResult result)
    {
        bool isSingle = result.Layers.Count == 1;
        List<string> sentences = [WhatWasTrained(result, isSingle), WhatItSaw(result, isSingle)];
        if (result.TestAccuracy is double accuracy)
        {
            sentences.Add($"Of test samples it had never seen, it classifies {NumberText.Percent(accuracy)} correctly.");
        }
        else if (result.ValidationAccuracy is double validationAccuracy)
        {
            sentences.Add(
                $"Of {NumberText.Whole(result.Validation)} training samples that were held out, it classifies "
                + $"{NumberText.Percent(validationAccuracy)} correctly; the test set was not looked at.");
        }

        if (result.ReconstructionMse is { Count: > 0 } errors)
        {
            string layer = isSingle ? "It" : "Layer 1";
            string sample = result.Validation > 0 ? "such a sample" : "a test sample";
            sentences.Add($"{layer} gives {sample} back with a mean squared error of {NumberText.Short(errors[0])} per input.");
        }

        if (!result.Finished)
        {
            sentences.Add("The run was stopped before its end; it can be resumed.");
        }

        return string.Join(' ', sentences);
    }

    private static string WhatWasTrained(RunResult result, bool isSingle)
    {
        string neurons = isSingle
            ? $"one layer of {Number(result.Layers[0])}"
            : $"{Number(result.Layers.Count)} layers of {string.Join(", ", result.Layers.SkipLast(1))} and {Number(result.Layers[^1])}";
        string network = $"A network with {NumberText.Whole(result.Inputs)} inputs and {neurons} {result.Activation} neurons"
            + $" learned {DatasetName(result.Dataset)}";
        if (result.Rule == "backpropagation")
        {
            return $"{network} by backpropagation, the baseline: the error of the output is passed back through all layers.";
        }

        string rule = isSingle
            ? "it learned to give its input back from its output"
            : "each layer learned on its own, from its own input alone, to give that input back from its output";
        return $"{network} without backpropagation: {rule}" + result.Labels switch
        {
            "completed" => ", and to complete it with the label.",
            "clamped" => "; the class neurons of the last layer were held at the label.",
            _ => "; no labels were used.",
        };
    }

    private static string WhatItSaw(RunResult result, bool isSingle)
    {
        string samples = $"It saw {NumberText.Whole(result.SamplesSeen)} samples"
            + (result.Batch == 1 ? ", one at a time" : $" in batches of {NumberText.Whole(result.Batch)}");
        if (isSingle || result.Rule == "backpropagation")
        {
            return samples + ".";
        }

        return samples + (result.Schedule == "layerwise" ? ", one layer after the other." : ", and every batch went through all layers.");
    }

    private static IEnumerable<XElement> Headline(RunResult result)
    {
        if (result.TestAccuracy is double accuracy)
        {
            yield return Figure("Test accuracy", NumberText.Percent(accuracy));
        }
        else if (result.ValidationAccuracy is double validationAccuracy)
        {
            yield return Figure("Validation accuracy", NumberText.Percent(validationAccuracy));
        }

        if (result.ReconstructionMse is { Count: > 0 } errors)
        {
            yield return Figure("Reconstruction error", NumberText.Short(errors[0]));
        }

        if ((result.TestAccuracy ?? result.ValidationAccuracy) is null && result.DecodedMse is double decoded)
        {
            yield return Figure("Error decoded from the top", NumberText.Short(decoded));
        }

        yield return Figure("Samples per second", NumberText.Whole(result.SamplesPerSecond));
        yield return Figure("Training memory", NumberText.Bytes(result.TrainingBytes));
        yield return Figure("Time", NumberText.Duration(result.Seconds));
    }

    private static XElement Figure(string name, string value) => new("div", new XElement("dt", name), new XElement("dd", value));

    private static string DatasetName(string dataset) => dataset switch
    {
        "mnist" => "MNIST",
        "fashion-mnist" => "Fashion-MNIST",
        "digits" => "drawn digits",
        _ => dataset,
    };

    private static string Capitalized(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
