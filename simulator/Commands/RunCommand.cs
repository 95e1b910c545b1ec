using System.CommandLine;
using System.IO;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>A command that works on a run that <c>train</c> has left.</summary>
internal abstract class RunCommand : SimulatorCommand
{
    private readonly Option<string> runOption = OptionFactory.Create(
        "--run", OptionValue.Text("DIR"),
        "Folder of the run, such as runs/0001-digits-quick.");

    protected RunCommand(string name, string description)
        : base(name, description)
    {
        runOption.Required = true;
        Add(runOption);
    }

    /// <exception cref="UsageException">The folder holds no run.</exception>
    /// <exception cref="Reports.RunFileFormatException">Its settings are damaged.</exception>
    protected (RunFolder Folder, TrainSettings Settings) OpenRun(ParseResult parsed)
    {
        RunFolder folder = new(parsed.GetRequiredValue(runOption));
        if (File.Exists(folder.Path))
        {
            throw new UsageException($"Option --run must name the folder of a run; '{folder.Path}' is a file; leave its name out.");
        }

        return folder.IsRun
            ? (folder, folder.ReadSettings())
            : throw new UsageException(
                $"Option --run must name the folder of a run; '{folder.Path}' holds no settings.json; "
                + $"train one with: simulator train --out {folder.Path}");
    }
}
