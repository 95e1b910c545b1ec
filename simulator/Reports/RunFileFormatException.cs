using System;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>A file of a run's folder (<c>result.json</c>, <c>metrics.csv</c>) is damaged or was not written by this program.</summary>
internal sealed class RunFileFormatException : FormatException
{
    public RunFileFormatException(string message) : base(message)
    {
    }

    public RunFileFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
