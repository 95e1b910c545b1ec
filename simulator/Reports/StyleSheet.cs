using System.IO;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>The look of pages and of pictures with a file of their own.</summary>
internal static class StyleSheet
{
    public static string Read()
    {
        using Stream stream = typeof(StyleSheet).Assembly.GetManifestResourceStream("report.css")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
