using System;
using System.IO;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>Shows downloads: a bar that is redrawn on a terminal, else a line at every quarter of a file.</summary>
internal sealed class DownloadDisplay(TextWriter output, bool isLive) : IProgress<DownloadProgress>, IDisposable
{
    private const int BarWidth = 40;
    private const int LineParts = 4;

    private string? shownFile;
    private int shownPart;

    public void Report(DownloadProgress value)
    {
        int parts = isLive ? BarWidth : LineParts;
        int part = value.TotalBytes is > 0 and { } total ? (int)(parts * value.ReceivedBytes / total) : 0;
        if (value.FileName == shownFile && part == shownPart)
        {
            return;
        }

        if (isLive)
        {
            string end = shownFile is not null && value.FileName != shownFile ? Environment.NewLine : "\r";
            output.Write($"{end}{new string('━', part)}{new string('─', BarWidth - part)} {Text(value)}   ");
        }
        else
        {
            output.WriteLine(Text(value));
        }

        (shownFile, shownPart) = (value.FileName, part);
    }

    public void Dispose()
    {
        if (isLive && shownFile is not null)
        {
            output.WriteLine();
        }
    }

    private static string Text(DownloadProgress value)
    {
        string total = value.TotalBytes is { } bytes ? " of " + MemorySize.Format(bytes) : "";
        return $"downloading {value.FileName}: {MemorySize.Format(value.ReceivedBytes)}{total}";
    }
}
