using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulator.Datasets;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>Readings from a file: a sensor a column, a row a period.</summary>
internal sealed class SensorTable
{
    private readonly IReadOnlyList<string> names;
    private readonly float[][] columns;

    private SensorTable(IReadOnlyList<string> names, float[][] columns)
    {
        this.names = names;
        this.columns = columns;
    }

    public IReadOnlyList<string> Names => names;

    public int RowCount => columns[0].Length;

    /// <exception cref="DataFormatException">A cell is missing or no number, or a column's name is none of a series.</exception>
    /// <exception cref="DatasetUnavailableException">The file can't be read.</exception>
    public static SensorTable Read(string path)
    {
        (IReadOnlyList<string> names, float[][] columns) = CsvDataset.ReadColumns(path);
        if (names.FirstOrDefault(name => !TelemetryNames.IsName(name)) is { } wrong)
        {
            throw new DataFormatException(
                $"{path}, line 1: names of sensors must be of a-z, 0-9 and _, 1 to {TelemetryNames.MaxLength} long; \"{wrong}\" found. "
                + "Rename it.");
        }

        return columns[0].Length > 0
            ? new SensorTable(names, columns)
            : throw new DataFormatException($"{path}: at least 1 row of readings expected; none found below the header.");
    }

    /// <param name="period">Time between two rows.</param>
    /// <param name="time">Time since the first row.</param>
    public IReadOnlyList<ISensor> CreateSensors(TimeSpan period, Func<TimeSpan> time) =>
        [.. names.Select((name, index) => new TableSensor(name, columns[index], period, time))];
}
