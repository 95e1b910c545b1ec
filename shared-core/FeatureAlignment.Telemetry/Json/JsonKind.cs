namespace FeatureAlignment.Telemetry.Json;

/// <summary>What stands next in a JSON text.</summary>
public enum JsonKind
{
    /// <summary>An object.</summary>
    Object,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A string.</summary>
    String,

    /// <summary>A number; read tolerantly also NaN, Infinity and -Infinity.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>null.</summary>
    Null,
}
