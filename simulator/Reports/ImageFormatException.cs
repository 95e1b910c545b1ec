using System;

namespace FeatureAlignment.Simulator.Reports;

/// <summary>A file that should hold a picture does not.</summary>
internal sealed class ImageFormatException : FormatException
{
    public ImageFormatException(string message) : base(message)
    {
    }

    public ImageFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
