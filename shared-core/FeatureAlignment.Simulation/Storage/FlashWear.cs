namespace FeatureAlignment.Simulation.Storage;

/// <summary>
/// What a medium bore. Erases follow a file system that copies on write: a block of a file is erased when it is first written after
/// a flush, so that a few bytes more in a block that was flushed cost a whole block; changes of names fill a log of their own.
/// </summary>
public sealed class FlashWear
{
    // A name of up to about fifty characters and its place.
    private const int NameChangeBytes = 64;

    private readonly int blockBytes;
    private long nameBytes;
    private long fileErases;

    internal FlashWear(int blockBytes) => this.blockBytes = blockBytes;

    /// <summary>Bytes that programs wrote to files.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Of that, bytes of working files: rows of a layer that learns from storage.</summary>
    public long WorkingBytesWritten { get; private set; }

    /// <summary>Blocks that were erased for it.</summary>
    public long Erases => fileErases + nameBytes / blockBytes;

    internal void CountNameChange() => nameBytes += NameChangeBytes;

    internal void CountWrite(FlashFile file, long position, int bytes, bool isWorking)
    {
        if (bytes == 0)
        {
            return;
        }

        long first = position / blockBytes;
        long last = (position + bytes - 1) / blockBytes;
        BytesWritten += bytes;
        WorkingBytesWritten += isWorking ? bytes : 0;
        fileErases += last - first + (first == file.BlockInProgress ? 0 : 1);
        file.BlockInProgress = last;
    }
}
