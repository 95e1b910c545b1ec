using System;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>Where a simulated device keeps its files, so that a second call finds it as the first one left it.</summary>
internal sealed class DeviceFolder(string path)
{
    public string Path { get; } = path;

    /// <summary>The device's settings, as lines of key and value.</summary>
    public string Settings => In("settings.txt");

    /// <summary>Batches, one a line.</summary>
    public string Telemetry => In("telemetry.jsonl");

    public string FlashPath => In("flash");

    public string CardPath => In("card");

    /// <summary>How long the device has lived.</summary>
    public string History => In("device.json");

    /// <summary>Creates the folder and keeps others out of it until disposed.</summary>
    /// <exception cref="IOException">It can't be written, or is in use.</exception>
    public IDisposable Lock() => new RunFolder(Path).Lock();

    public void RemoveIfEmpty() => new RunFolder(Path).RemoveIfEmpty();

    public IStorage OpenFlash() => FolderStorage.OpenOrCreate(FlashPath);

    public IStorage OpenCard() => FolderStorage.OpenOrCreate(CardPath);

    /// <summary>
    /// The files of the model that the device learned last, as checkpoints. A plain copy of a board's data folder will do, too.
    /// </summary>
    /// <exception cref="IOException">The folder does not exist.</exception>
    public IStorage OpenModel(DeviceSettings settings)
    {
        string flashPath = Directory.Exists(FlashPath) ? FlashPath : Path;
        string modelPath = settings.UseCard && Directory.Exists(CardPath) ? CardPath : flashPath;
        return DeviceModels.Current(FolderStorage.OpenExisting(flashPath), FolderStorage.OpenExisting(modelPath));
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
