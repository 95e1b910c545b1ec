using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using FeatureAlignment.Simulator.Reports.Charts;

namespace FeatureAlignment.Simulator.Reports.Html;

/// <summary>What can be looked at: test samples with their reconstructions, and what each class draws.</summary>
internal static class PictureSections
{
    public static XElement? Reconstructions(IReadOnlyList<Reconstruction> reconstructions, ClassLabels labels)
    {
        if (reconstructions.Count == 0)
        {
            return null;
        }

        float errorScale = Reconstruction.LargestError(reconstructions);
        bool hasDecoded = reconstructions.Any(reconstruction => reconstruction.Decoded is not null);
        return new XElement(
            "section",
            new XElement("h2", "Reconstructions"),
            new XElement(
                "p",
                new XAttribute("class", "note"),
                hasDecoded
                    ? "Test samples, from left to right: input, reconstruction by layer 1, error, decoded from the top layer. "
                    : "Test samples, from left to right: input, reconstruction by layer 1, error. ",
                "The error is ",
                new XElement("span", new XAttribute("class", "too-bright"), "orange"),
                " where the reconstruction is too bright and ",
                new XElement("span", new XAttribute("class", "too-dark"), "blue"),
                $" where it is too dark; full colour means {NumberText.Short(errorScale)} of the range from black to white."),
            new XElement(
                "ul",
                new XAttribute("class", hasDecoded ? "samples four" : "samples"),
                reconstructions.Select(reconstruction => Sample(reconstruction, errorScale, labels))));
    }

    public static XElement? ClassPictures(IReadOnlyList<GrayImage> pictures, ClassLabels labels) => pictures.Count == 0
        ? null
        : new XElement(
            "section",
            new XElement("h2", "What each class draws"),
            new XElement("p", new XAttribute("class", "note"), "The picture that the network connects with each class, at full contrast."),
            new XElement(
                "ul",
                new XAttribute("class", "classes"),
                pictures.Select((picture, index) => new XElement(
                    "li",
                    Picture(PngImage.FromGray(picture.Stretched()), $"picture of class {labels[index]}"),
                    new XElement("span", labels[index])))));

    private static XElement Sample(Reconstruction reconstruction, float errorScale, ClassLabels labels) => new(
        "li",
        new XElement(
            "div",
            new XAttribute("class", "pictures"),
            Picture(PngImage.FromGray(reconstruction.Input), "input"),
            Picture(PngImage.FromGray(reconstruction.Output), "reconstruction"),
            Picture(PngImage.FromError(reconstruction.Input, reconstruction.Output, errorScale), "error"),
            reconstruction.Decoded is null ? null : Picture(PngImage.FromGray(reconstruction.Decoded), "decoded from the top layer")),
        Verdict(reconstruction, labels));

    private static XElement? Verdict(Reconstruction reconstruction, ClassLabels labels)
    {
        if (reconstruction.TrueClass is not int trueClass)
        {
            return null;
        }

        if (reconstruction.PredictedClass is not int predictedClass)
        {
            return new XElement("p", $"true {labels[trueClass]}");
        }

        return new XElement(
            "p",
            $"true {labels[trueClass]}, ",
            predictedClass == trueClass
                ? new XText($"predicted {labels[predictedClass]}")
                : new XElement("strong", $"predicted {labels[predictedClass]}"));
    }

    private static XElement Picture(PngImage picture, string description) => new(
        "img",
        new XAttribute("src", picture.ToDataUri()),
        new XAttribute("width", picture.Width),
        new XAttribute("height", picture.Height),
        new XAttribute("alt", description));
}
