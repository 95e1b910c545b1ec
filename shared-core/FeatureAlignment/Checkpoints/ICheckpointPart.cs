namespace FeatureAlignment.Checkpoints;

/// <summary>Something that is saved with a training and comes back with it: running scales, thresholds, counters.</summary>
public interface ICheckpointPart
{
    /// <summary>Name of its file within a generation, such as <c>scales</c>; differs from other parts' and from <c>layer-N</c>.</summary>
    string Name { get; }

    /// <summary>What the file holds: 1 to 8 printable ASCII characters without spaces.</summary>
    string Kind { get; }

    /// <summary>Writes all fields.</summary>
    /// <param name="writer">Takes the fields; completed by the caller.</param>
    void Write(CheckpointWriter writer);

    /// <summary>Reads the fields in the order in which they were written, and replaces its own state by them.</summary>
    /// <param name="reader">Gives the fields; its end is checked by the caller.</param>
    /// <exception cref="CheckpointFormatException">A field is missing or does not fit.</exception>
    void Read(CheckpointReader reader);
}
