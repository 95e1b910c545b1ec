using System;

namespace FeatureAlignment.Telemetry;

/// <summary>Bytes that came over the wire are not what the schema says; nothing of them may be used.</summary>
public sealed class TelemetryFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="position">Offset of the byte at fault from the start of the body, 0-based.</param>
    /// <param name="fault">What must hold, and what was found.</param>
    public TelemetryFormatException(int position, string fault) : base($"Byte {position}: {fault}") => Position = position;

    /// <summary>Creates the exception for a fault that no byte shows, such as something missing.</summary>
    /// <param name="fault">What must hold, and what was found.</param>
    public TelemetryFormatException(string fault) : base(fault) => Position = -1;

    /// <summary>Creates the exception around what a record said about its values.</summary>
    /// <param name="position">Offset of the byte at fault from the start of the body, 0-based.</param>
    /// <param name="where">Part of the body, as <c>points[3]</c>.</param>
    /// <param name="cause">What the record's constructor threw; its message is taken over.</param>
    public TelemetryFormatException(int position, string where, ArgumentException cause)
        : base($"Byte {position}, {where}: {cause?.Message}", cause) => Position = position;

    /// <summary>Offset of the byte at fault from the start of the body, 0-based; -1 when no byte shows it.</summary>
    public int Position { get; }
}
