using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Where a run keeps its files. A folder is a run once it holds <c>settings.json</c>.</summary>
internal sealed class RunFolder(string path)
{
    public string Path { get; } = path;

    public string Settings => In("settings.json");

    /// <summary>What the samples look like that the network takes: <see cref="Datasets.SampleFormat"/>.</summary>
    public string Samples => In("samples.json");

    /// <summary>How the rows of a table became features; only where the samples are rows.</summary>
    public string Scaling => In("scaling.json");

    public string Metrics => In("metrics.csv");

    public string Result => In("result.json");

    public string Report => In("report.html");

    public string Reconstructions => In("reconstructions.png");

    /// <summary>Folder of the numbered checkpoint files.</summary>
    public string Checkpoints => In("checkpoint");

    private string LockFile => In("run.lock");

    public bool IsRun => File.Exists(Settings);

    /// <summary>Whether the folder may become a run: it does not exist yet, or nothing is in it.</summary>
    public bool IsFree => !Directory.Exists(Path) || !Directory.EnumerateFileSystemEntries(Path).Any();

    /// <summary>A new numbered folder, such as runs/0003-digits-quick; not created yet.</summary>
    /// <param name="runsFolder">Where runs are.</param>
    /// <param name="settings">Name it.</param>
    /// <param name="kind">What else than a training it is for, with a hyphen behind.</param>
    public static RunFolder Next(string runsFolder, TrainSettings settings, string kind = "")
    {
        string preset = settings.Preset.ToString().ToLowerInvariant();
        return Next(runsFolder, $"{kind}{settings.Dataset}-{preset}");
    }

    /// <summary>As above, with a name of its own.</summary>
    public static RunFolder Next(string runsFolder, string name)
    {
        int number = Numbered(runsFolder).Select(run => run.Number).DefaultIfEmpty(0).Max() + 1;
        return new RunFolder(System.IO.Path.Combine(runsFolder, string.Create(CultureInfo.InvariantCulture, $"{number:0000}-{name}")));
    }

    /// <summary>The run with the highest number, or null when there is none.</summary>
    public static RunFolder? Newest(string runsFolder) =>
        Numbered(runsFolder).OrderByDescending(run => run.Number).Select(run => new RunFolder(run.Path)).FirstOrDefault(run => run.IsRun);

    /// <summary>
    /// Creates the folder and keeps other trainings out of it until disposed; so it also shows, before any work is done,
    /// that files can be written there.
    /// </summary>
    /// <exception cref="IOException">The folder can't be written, or another training holds it.</exception>
    public IDisposable Lock()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(exception);
        }

        try
        {
            return new FileStream(
                LockFile, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw NotWritable(exception);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"Run folder '{Path}' must be free to write; {exception.Message} "
                + "Wait for the training that uses it, or choose another with --out.",
                exception);
        }
    }

    /// <summary>Removes the folder when nothing was written to it, so that a refused training leaves no trace.</summary>
    public void RemoveIfEmpty()
    {
        if (!IsRun && Directory.Exists(Checkpoints) && !Directory.EnumerateFileSystemEntries(Checkpoints).Any())
        {
            Directory.Delete(Checkpoints);
        }

        if (Directory.Exists(Path) && IsFree)
        {
            Directory.Delete(Path);
        }
    }

    /// <summary>Whether a path is that of a file which the run keeps for itself, <see cref="Reconstructions"/> aside.</summary>
    public bool Keeps(string path) =>
        new[] { Settings, Samples, Scaling, Metrics, Result, Report, LockFile }.Any(own => IsSame(own, path))
        || IsSame(Checkpoints, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);

    /// <summary>Whether a path is that of <see cref="Result"/>, however it is written.</summary>
    public bool IsResult(string path) => IsSame(Result, path);

    public void WriteSettings(TrainSettings settings) => File.WriteAllText(Settings, SettingsFile.Write(settings));

    /// <summary>Writes a file beside its place and moves it there, so that it is there whole or not at all.</summary>
    public static void WriteWhole(string path, Action<Stream> content)
    {
        string temporary = path + ".tmp";
        using (FileStream stream = File.Create(temporary))
        {
            content(stream);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <exception cref="Reports.RunFileFormatException">The file is damaged or was edited into something else.</exception>
    public TrainSettings ReadSettings() => SettingsFile.Read(File.ReadAllText(Settings), Settings);

    private static IEnumerable<(int Number, string Path)> Numbered(string runsFolder) =>
        Directory.Exists(runsFolder)
            ? Directory.EnumerateDirectories(runsFolder).Select(path => (Number(path), path)).Where(run => run.Item1 > 0)
            : [];

    private static int Number(string path)
    {
        string prefix = System.IO.Path.GetFileName(path).Split('-')[0];
        return int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    // Letter case is ignored: on some file systems it makes no difference.
    private static bool IsSame(string path, string other) =>
        System.IO.Path.GetFullPath(path).Equals(System.IO.Path.GetFullPath(other), StringComparison.OrdinalIgnoreCase);

    private IOException NotWritable(Exception cause) =>
        new($"Output folder must be writable; '{Path}' is not: {cause.Message} Choose another with --out.", cause);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
