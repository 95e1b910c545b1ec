using System;

namespace FeatureAlignment.Checkpoints;

/// <summary>A checkpoint's file is damaged, incomplete, of another version or kind, or holds something else than was asked for.</summary>
public sealed class CheckpointFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fileName">Name of the file at fault; becomes the start of the message.</param>
    /// <param name="fault">What must hold, what was found, what to do.</param>
    public CheckpointFormatException(string fileName, string fault) : base(fileName + ": " + fault) => FileName = fileName;

    /// <summary>Name of the file at fault.</summary>
    public string FileName { get; }
}
