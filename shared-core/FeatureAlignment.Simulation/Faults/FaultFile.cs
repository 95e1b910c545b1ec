using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using FeatureAlignment.Simulation.Sensors;

namespace FeatureAlignment.Simulation.Faults;

/// <summary>What goes wrong with a board and with the machine that it watches, as one text.</summary>
/// <param name="Plan">Faults of the board, its surroundings and its sensors.</param>
/// <param name="Machine">Faults of the machine.</param>
public sealed record FaultFile(FaultPlan Plan, IReadOnlyList<MachineFault> Machine)
{
    // In the order of the kinds.
    private static readonly string[] Words = { "bearing-wear", "stuck-sensor", "step", "spike-train" };

    /// <summary>
    /// Reads the lines of <see cref="FaultPlan.Parse"/> and those of the machine: <c>bearing-wear 8d [repair]</c>, <c>stuck-sensor 2d 3d
    /// humidity</c>, <c>step 2d 3d vibration_x 3</c>, <c>spike-train 2d 3d current 4</c>; sizes are in usual standard deviations.
    /// </summary>
    /// <exception cref="FormatException">A line is wrong; the message says which and what would be right.</exception>
    public static FaultFile Parse(string text)
    {
        ArgumentChecks.NotNull(text, nameof(text));
        var machine = new List<MachineFault>();

        // The machine's lines are left empty, so that the numbers of the others stay theirs.
        var rest = new StringWriter(CultureInfo.InvariantCulture);
        using var lines = new StringReader(text);
        for (int number = 1; lines.ReadLine() is { } line; number++)
        {
            string[] words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            bool isMachine = words.Length > 0 && Words.Contains(words[0]);
            rest.WriteLine(isMachine ? "" : line);
            if (isMachine)
            {
                machine.Add(ParseLine(words) ?? throw new FormatException(
                    $"Line {number} must be 'bearing-wear 8d', 'bearing-wear 8d 11d' with its repair, 'stuck-sensor 2d 3d humidity', "
                    + $"'step 2d 3d vibration_x 3' or 'spike-train 2d 3d current 4', with a channel of "
                    + $"{string.Join(", ", MachineGenerator.Channels.Select(channel => channel.Name))}; was '{line}'."));
            }
        }

        return new FaultFile(FaultPlan.Parse(rest.ToString()), machine);
    }

    private static MachineFault? ParseLine(string[] words)
    {
        TimeSpan? start = words.Length > 1 ? FaultPlan.Time(words[1]) : null;
        TimeSpan? end = words.Length > 2 ? FaultPlan.Time(words[2]) : null;
        int channel = words.Length > 3 ? MachineGenerator.Channels.ToList().FindIndex(one => one.Name == words[3]) : -1;
        bool hasSize =
            double.TryParse(words[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double size) && double.IsFinite(size);
        bool isSensor = start < end && channel >= 0;
        return (MachineFaultKind)Array.IndexOf(Words, words[0]) switch
        {
            MachineFaultKind.BearingWear when words.Length == 2 && start is not null =>
                MachineFault.BearingWear(start.Value, TimeSpan.MaxValue),
            MachineFaultKind.BearingWear when words.Length == 3 && start < end => MachineFault.BearingWear(start.Value, end.Value),
            MachineFaultKind.StuckSensor when words.Length == 4 && isSensor =>
                MachineFault.StuckSensor(channel, start!.Value, end!.Value),
            MachineFaultKind.Step when words.Length == 5 && isSensor && hasSize =>
                MachineFault.Step(channel, start!.Value, end!.Value, size),
            MachineFaultKind.SpikeTrain when words.Length == 5 && isSensor && hasSize =>
                MachineFault.SpikeTrain(channel, start!.Value, end!.Value, size),
            _ => null,
        };
    }
}
