using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Simulator.Devices;
using FeatureAlignment.Simulator.Training;

namespace FeatureAlignment.Simulator.Commands;

/// <summary><c>simulator device</c>: the device application on a simulated board.</summary>
internal sealed class DeviceCommand : SimulatorCommand
{
    private const float MostHours = 87_600;

    // No board has less, and no application runs in less.
    private const long LeastMemoryBytes = 64 << 10;

    private static readonly OptionValue<BoardModel> Board = new(
        string.Join('|', BoardModel.All.Select(board => board.Name)),
        $"one of {string.Join(", ", BoardModel.All.Select(board => board.Name))}",
        text => BoardModel.All.FirstOrDefault(board => board.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found
            ? (true, found)
            : (false, BoardModel.F7Feather))
    {
        Choices = [.. BoardModel.All.Select(board => board.Name)],
    };

    private static readonly OptionValue<double> Pace = new(
        "N|max",
        "a number above 0, or max",
        text => text == "max"
            ? (true, 0)
            : (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double speed)
                && double.IsFinite(speed) && speed > 0, speed));

    private readonly Option<string> settingsOption = OptionFactory.Create(
        "--settings", OptionValue.Text("FILE"),
        "The device's settings, lines of 'Key: value' as in docs/device-settings.md. [default: the folder's, or what suits the source]");
    private readonly Option<BoardModel> boardOption = OptionFactory.Create(
        "--board", Board, "Kind of board; corecompute has a card. [default: f7feather]");
    private readonly Option<long> memoryOption = OptionFactory.Create(
        "--memory", OptionValue.Memory,
        "Bytes that the whole application may hold, measured; more ends the life. Sets Memory.Budget to what that leaves for training. "
        + "[default: 16MB, the board's heap]");
    private readonly Option<float> hoursOption = OptionFactory.Create(
        "--hours", OptionValue.Number,
        "Simulated hours. [default: 432, four days beyond the learning; with a table, its rows; with images, until the run is finished]");
    private readonly Option<double> speedOption = OptionFactory.Create(
        "--speed", Pace, "Simulated seconds a second. [default: max]");
    private readonly Option<string> sourceOption = OptionFactory.Create(
        "--source", OptionValue.Text("mnist|fashion-mnist|sensors|FILE.csv"),
        "Images to learn to classify, the sensors of a simulated machine, or a table with a sensor a column and a row a period. "
        + "[default: sensors]");
    private readonly Option<string> dataOption = OptionFactory.Create(
        "--data", OptionValue.Text("DIR"), "Folder with the images' IDX files. [default: the data set's usual places, or a download]");
    private readonly Option<int> limitOption = OptionFactory.Create(
        "--limit", OptionValue.Whole, "Use the first N training images. [default: all]");
    private readonly Option<string> faultsOption = OptionFactory.Create(
        "--faults", OptionValue.Text("FILE|NAME"),
        $"What goes wrong: {string.Join(", ", FaultPlan.Names)}, or a file of lines such as 'power-cut 36h' or 'bearing-wear 8d'. "
        + "[default: none]");
    private readonly Option<string> uplinkOption = OptionFactory.Create(
        "--uplink", OptionValue.Text("none|file|URL"),
        "Where telemetry goes: nowhere, to telemetry.jsonl in the folder, or to a dashboard such as http://localhost:5080. "
        + "[default: none]");
    private readonly Option<string> keyOption = OptionFactory.Create(
        "--key", OptionValue.Text("KEY"), "The device's key at the dashboard. [default: the settings' Report.Key]");
    private readonly Option<string> idOption = DeviceIdOption.Create(DeviceRequest.Simulated);
    private readonly Option<ulong> seedOption = OptionFactory.Create(
        "--seed", OptionValue.Seed, "Seed of machine, faults and network; the network's is a setting. [default: the folder's, or 1]");
    private readonly Option<KernelForm> kernelsOption = OptionFactory.Create(
        "--kernels", OptionValue.Choice<KernelForm>(),
        "The plain kernels, which equal a board bit for bit, or this machine's vector ones. [default: scalar]");
    private readonly Option<string> folderOption = OptionFactory.Create(
        "--folder", OptionValue.Text("DIR"),
        "Holds the board's flash and card; a second call goes on. [default: the next numbered folder in runs]");
    private readonly Option<string> screenOption = OptionFactory.Create(
        "--screen", OptionValue.Text("FILE.png"), "Draw the device's screen, and write its last picture to this file.");
    private readonly Option<string> jsonOption = OptionFactory.Create(
        "--json", OptionValue.Text("FILE"), "Write the result to this file.");
    private readonly CommandEnvironment environment;

    public DeviceCommand(CommandEnvironment environment, Func<DeviceRequest, CancellationToken, Task<int>> live)
        : base(
            "device",
            "Runs the device application on a simulated board: it learns, loses power, loses network, and reports. Ctrl+C stops it as a "
                + "board is stopped.")
    {
        this.environment = environment;
        foreach (Option option in (IEnumerable<Option>)
            [
                settingsOption, boardOption, memoryOption, hoursOption, speedOption, sourceOption, dataOption, limitOption, faultsOption,
                uplinkOption, keyOption, idOption, seedOption, kernelsOption, folderOption, screenOption, jsonOption,
            ])
        {
            Add(option);
        }

        SetAction((parsed, cancellation) =>
        {
            OutputFile.RequireWritable("--json", parsed.GetValue(jsonOption));
            OutputFile.RequireWritable("--screen", parsed.GetValue(screenOption));
            return live(Request(parsed), cancellation);
        });
    }

    public override IReadOnlyList<string> Examples { get; } =
    [
        "device",
        "device --faults everything --hours 2160",
        "device --source mnist --memory 3MB --kernels auto",
        "device --board corecompute --source readings.csv --uplink http://localhost:5080 --speed 60",
    ];

    public override IReadOnlyList<string> Notes { get; } =
    [
        "Without --faults FILE, and when there is time for it, the machine's bearing wears until it fails half a day before the end.",
        "Every other figure comes from the device's own telemetry, and so is as late as it; alarms are shown at once, with the truth.",
    ];

    public override IEnumerable<string> Faults(ParseResult parsed)
    {
        string source = parsed.GetValue(sourceOption) ?? DeviceRequest.Sensors;
        bool isImages = source is "mnist" or "fashion-mnist";
        if (!isImages && source != DeviceRequest.Sensors && !CsvPath.IsCsv(source))
        {
            string[] words = ["mnist", "fashion-mnist", DeviceRequest.Sensors];
            yield return $"Source must be one of {string.Join(", ", words)}, or a .csv file; was '{source}'."
                + NearMiss.Question(source, words);
        }

        foreach (Option option in (Option[])[dataOption, limitOption])
        {
            if (OptionFactory.IsGiven(parsed, option) && !isImages)
            {
                yield return $"Option {option.Name} has no effect without --source mnist or fashion-mnist; leave it out.";
            }
        }

        if (Given(parsed, memoryOption) is { } memory && memory < LeastMemoryBytes)
        {
            yield return $"Memory must be at least {MemorySize.Format(LeastMemoryBytes)}; was {MemorySize.Format(memory)}. "
                + "A bare number counts bytes: write 3MB for megabytes.";
        }

        if (OptionFactory.IsGiven(parsed, limitOption) && parsed.GetValue(limitOption) < 1)
        {
            yield return $"Limit must be at least 1; was {parsed.GetValue(limitOption)}.";
        }

        if (OptionFactory.IsGiven(parsed, hoursOption) && parsed.GetValue(hoursOption) is not (> 0 and <= MostHours))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"Hours must be above 0 and at most {MostHours:#,0}; was {parsed.GetValue(hoursOption)}.");
        }

        if (parsed.GetValue(faultsOption) is { } faults && !File.Exists(faults) && !FaultPlan.Names.Contains(faults))
        {
            yield return $"Faults must be one of {string.Join(", ", FaultPlan.Names)}, or a file; was '{faults}'."
                + NearMiss.Question(faults, FaultPlan.Names);
        }

        string uplink = parsed.GetValue(uplinkOption) ?? DeviceRequest.NoUplink;
        bool isAddress = Uri.TryCreate(uplink, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
        if (!isAddress && uplink is not (DeviceRequest.NoUplink or DeviceRequest.FileUplink))
        {
            yield return $"Uplink must be none, file, or an address that begins with http:// or https://; was '{uplink}'.";
        }

        if (DeviceIdOption.Fault(parsed.GetValue(idOption)) is { } idFault)
        {
            yield return idFault;
        }

        if (parsed.GetValue(screenOption) is { } picture && !picture.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"Option --screen must name a .png file; was '{picture}'.";
        }
    }

    private DeviceRequest Request(ParseResult parsed)
    {
        string source = parsed.GetValue(sourceOption) ?? DeviceRequest.Sensors;
        string name = "device-" + (CsvPath.IsCsv(source) ? DatasetCatalog.Csv : source);
        return new DeviceRequest
        {
            SettingsFile = parsed.GetValue(settingsOption),
            Board = parsed.GetValue(boardOption) ?? BoardModel.F7Feather,
            MemoryBytes = Given(parsed, memoryOption),
            Duration = Given(parsed, hoursOption) is { } hours ? TimeSpan.FromHours(hours) : null,
            Speed = Given(parsed, speedOption) is > 0 and { } speed ? speed : null,
            Source = source,
            Data = parsed.GetValue(dataOption),
            Limit = Given(parsed, limitOption),
            Faults = parsed.GetValue(faultsOption) is "none" ? null : parsed.GetValue(faultsOption),
            Uplink = parsed.GetValue(uplinkOption) ?? DeviceRequest.NoUplink,
            Key = parsed.GetValue(keyOption) ?? "",
            DeviceId = parsed.GetValue(idOption) ?? DeviceRequest.Simulated,
            Seed = Given(parsed, seedOption),
            Kernels = Given(parsed, kernelsOption) ?? KernelForm.Scalar,
            PictureFile = parsed.GetValue(screenOption),
            JsonFile = parsed.GetValue(jsonOption),
            Folder = new DeviceFolder(parsed.GetValue(folderOption) ?? RunFolder.Next(environment.RunsFolder, name).Path),
        };
    }

    private static T? Given<T>(ParseResult parsed, Option<T> option)
        where T : struct => OptionFactory.IsGiven(parsed, option) ? parsed.GetValue(option) : null;
}
