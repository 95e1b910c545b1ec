namespace FeatureAlignment.Simulation.Storage;

/// <summary>What a program does to a medium.</summary>
public enum FlashOperationKind
{
    /// <summary>Opens a file, or reads of it.</summary>
    Read,

    /// <summary>Creates a file, a working file among them.</summary>
    Create,

    /// <summary>Writes bytes.</summary>
    Write,

    /// <summary>Makes all that came before durable.</summary>
    Flush,

    /// <summary>Renames a file.</summary>
    Rename,

    /// <summary>Deletes a file.</summary>
    Delete,
}

/// <summary>One operation, before it takes place.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Name">To which file.</param>
/// <param name="Number">Operations that changed something before it: reading is not counted.</param>
public readonly record struct FlashOperation(FlashOperationKind Kind, string Name, long Number);
