using System;

namespace FeatureAlignment.Simulation.Storage;

/// <summary>
/// Figures of a medium. Nobody has published any for the boards' storage: the speeds are assumptions on the slow side, and the
/// application's own benchmark is there to replace them.
/// </summary>
public sealed record FlashProperties
{
    /// <summary>Bytes that fit; each file takes whole blocks.</summary>
    public long CapacityBytes { get; init; }

    /// <summary>Bytes of a block: the least that can be erased.</summary>
    public int BlockBytes { get; init; } = 4096;

    /// <summary>Reading, bytes in a second.</summary>
    public double ReadBytesPerSecond { get; init; }

    /// <summary>Writing, bytes in a second, erasing included.</summary>
    public double WriteBytesPerSecond { get; init; }

    /// <summary>What an operation takes whatever its size.</summary>
    public TimeSpan OperationTime { get; init; }

    /// <summary>32 MB of a serial NOR flash with a file system that copies on write.</summary>
    public static FlashProperties OnBoardFlash { get; } = new()
    {
        CapacityBytes = 32 << 20,
        ReadBytesPerSecond = 4e6,
        WriteBytesPerSecond = 0.25e6,
        OperationTime = TimeSpan.FromMilliseconds(2),
    };

    /// <summary>An SD card of 8 GB on a serial bus.</summary>
    public static FlashProperties SdCard { get; } = new()
    {
        CapacityBytes = 8L << 30,
        ReadBytesPerSecond = 2e6,
        WriteBytesPerSecond = 1e6,
        OperationTime = TimeSpan.FromMilliseconds(5),
    };

    internal TimeSpan TimeOf(FlashOperationKind kind, long bytes) =>
        OperationTime + TimeSpan.FromSeconds(bytes / (kind == FlashOperationKind.Read ? ReadBytesPerSecond : WriteBytesPerSecond));

    internal long BytesInBlocks(long length) => (length + BlockBytes - 1) / BlockBytes * BlockBytes;
}
