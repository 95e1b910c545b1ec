using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Platform;
using Meadow;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>
/// A folder of the board: the data directory, which deployments and updates leave alone, or the card. LittleFS makes every operation
/// durable by itself; on the card's FAT a torn file is recognised by its checksum.
/// </summary>
internal sealed class BoardStorage : IDeviceStorage
{
    private readonly FolderStorage folder;
    private readonly long freeAtStart;
    private readonly long usedAtStart;

    private BoardStorage(FolderStorage folder, long freeAtStart)
    {
        this.folder = folder;
        this.freeAtStart = freeAtStart;
        usedAtStart = UsedBytes;
    }

    /// <summary>Meadow asks the file system once, at the start: since then the folder's own growth counts.</summary>
    public long FreeBytes => freeAtStart < 0 ? -1 : Math.Max(0, freeAtStart - (UsedBytes - usedAtStart));

    private long UsedBytes => new DirectoryInfo(folder.Path).EnumerateFiles().Sum(file => file.Length);

    public static BoardStorage OfFlash(IPlatformOS.FileSystemInfo fileSystem, string dataDirectory)
    {
        IStorageInformation? flash = fileSystem.Drives.FirstOrDefault(drive => drive is not IExternalStorage);
        return new BoardStorage(FolderStorage.OpenOrCreate(dataDirectory), flash is null ? -1 : (long)flash.SpaceAvailable.Bytes);
    }

    /// <summary>The card that was there when the board started; it says nothing about its space.</summary>
    public static BoardStorage? OfCard(IPlatformOS.FileSystemInfo fileSystem)
    {
        IStorageInformation? card = fileSystem.Drives.FirstOrDefault(drive => drive is IExternalStorage);
        string path = Path.Combine("/", card?.Name ?? "");
        return card is not null && Directory.Exists(path) ? new BoardStorage(FolderStorage.OpenExisting(path), -1) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListNames() => folder.ListNames();

    /// <inheritdoc/>
    public Stream OpenRead(string name) => folder.OpenRead(name);

    /// <inheritdoc/>
    public Stream Create(string name) => folder.Create(name);

    /// <inheritdoc/>
    public Stream OpenScratch(string name, long length) => folder.OpenScratch(name, length);

    /// <inheritdoc/>
    public void Flush(Stream file) => folder.Flush(file);

    /// <inheritdoc/>
    public void Rename(string name, string newName) => folder.Rename(name, newName);

    /// <inheritdoc/>
    public void Delete(string name) => folder.Delete(name);
}
