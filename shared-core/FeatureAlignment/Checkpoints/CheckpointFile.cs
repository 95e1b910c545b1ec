namespace FeatureAlignment.Checkpoints;

/// <summary>One file of a generation, as the generation's commit record lists it.</summary>
public sealed class CheckpointFile
{
    internal CheckpointFile(string name, long number, long length, uint checksum)
    {
        Name = name;
        Number = number;
        Length = length;
        Checksum = checksum;
        FileName = CheckpointFileName.Whole(name, number);
    }

    /// <summary>The name it was written under, such as <c>layer-0</c>.</summary>
    public string Name { get; }

    /// <summary>Number of the generation that wrote it; smaller than that of a generation which kept it.</summary>
    public long Number { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>The CRC-32 that stands in its last four bytes.</summary>
    public uint Checksum { get; }

    /// <summary>Its name in the storage, such as <c>layer-0.000017.lfa</c>.</summary>
    public string FileName { get; }
}
