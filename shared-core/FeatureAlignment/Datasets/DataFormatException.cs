using System;

namespace FeatureAlignment.Datasets;

/// <summary>
/// A data file does not hold what its format demands. The message names the file, what was expected, what was found and
/// what to do, so that a head can show it as it is.
/// </summary>
public sealed class DataFormatException : FormatException
{
    /// <summary>Creates the exception with a message for the user.</summary>
    /// <param name="message">What must hold; what was found; where; what to do.</param>
    public DataFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and the failure that revealed the fault.</summary>
    /// <param name="message">What must hold; what was found; where; what to do.</param>
    /// <param name="innerException">For example what the decompressor reported.</param>
    public DataFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
