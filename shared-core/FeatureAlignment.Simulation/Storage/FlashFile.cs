namespace FeatureAlignment.Simulation.Storage;

/// <summary>A file whatever its name.</summary>
internal sealed class FlashFile
{
    public long Length { get; set; }

    public long FlushedLength { get; set; }

    /// <summary>Index of the block that was last written since the last flush; −1 for none.</summary>
    public long BlockInProgress { get; set; } = -1;

    /// <summary>What a deleted file held, for as long as a power cut may bring it back; else null.</summary>
    public byte[]? DeletedContent { get; set; }
}
