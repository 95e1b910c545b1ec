using System;
using System.Collections.Generic;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device.Activities;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Reporting;
using FeatureAlignment.Device.Screen;
using FeatureAlignment.Device.Settings;
using FeatureAlignment.Device.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Device;

/// <summary>Everything that the device says: taken down, spooled, sent; and a copy of its log for the head.</summary>
internal sealed class DeviceReporter : IReporter
{
    private readonly IDevicePlatform platform;
    private readonly TelemetrySpool spool;
    private readonly TelemetryRecorder recorder;
    private readonly Uploader uploader;
    private readonly ILogger logger;
    private readonly IReadOnlyDictionary<string, string> settings;
    private int toldDamaged;
    private int toldFailures;

    public DeviceReporter(IDevicePlatform platform, SettingsResult settings, int boot, IStorage storage, ILogger logger)
    {
        this.platform = platform;
        this.logger = logger;
        this.settings = settings.Texts;
        DeviceDescription description = platform.Description;
        spool = TelemetrySpool.Open(storage, boot, settings.Settings.SpoolBytes, settings.Settings.ReportPeriod);
        recorder = new TelemetryRecorder(spool, settings.Settings.Run, description.Application, settings.Settings.ReportPeriod);

        // Boards of a fleet that start together shall not come back together after an outage.
        var schedule = new UploadSchedule(new RandomSource(Seed(description.DeviceId), (ulong)boot));
        uploader = new Uploader(spool, schedule, platform.Uplink, description.DeviceId);
    }

    /// <summary>The newest event or line of the log, for the screen.</summary>
    public string LastText { get; private set; } = "";

    /// <summary>Bytes that wait in storage.</summary>
    public long WaitingBytes => spool.StoredBytes;

    public UplinkState UplinkState => platform.Uplink.Status switch
    {
        "online" => UplinkState.Online,
        "none" => UplinkState.Off,
        _ => UplinkState.Offline,
    };

    /// <summary>Sets the present, in which all is told until the next call.</summary>
    public void Begin(in Moment now, long step) => recorder.Advance(now.Uptime, now.UnixMilliseconds, step);

    /// <summary>Sends what may be sent, and hands on the commands that came.</summary>
    public void Upload(in Moment now, Commands.CommandDesk desk)
    {
        uploader.Advance(now.Uptime, now.UnixMilliseconds);
        while (uploader.TryTakeCommand(out TelemetryCommand command))
        {
            desk.Add(command);
        }
    }

    public void Point(string name, double value, int? layer = null) => recorder.Point(layer, name, value);

    public void Event(string kind, TelemetryPriority level, string text, TelemetryFields? data = null)
    {
        recorder.Event(kind, level, text, data);
        LastText = text;
        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.Log(LogLevel.Information, default, $"{kind}: {text}", null, static (line, _) => line);
        }
    }

    public void Image(string kind, int width, int height, ReadOnlySpan<float> input, ReadOnlySpan<float> output, int label, int predicted)
    {
        (float black, float white) = Range(input);
        recorder.Image(
            null, kind, width, height, ToGrey(input, black, white), ToGrey(output, black, white), label < 0 ? null : label,
            predicted < 0 ? null : predicted);
    }

    public void Log(TelemetryLogLevel level, string text)
    {
        recorder.Log(level, text);
        LastText = text;
        logger.Log((LogLevel)level, default, text, null, static (line, _) => line);
    }

    /// <summary>Tells the settings of the run, which is done once in it.</summary>
    public void RunSettings()
    {
        var fields = new TelemetryFields();
        foreach ((string key, string text) in settings)
        {
            fields.Add(key, text);
        }

        recorder.RunSettings(fields);
    }

    /// <summary>Tells what could not be used of the files that were found.</summary>
    public void Recovered(IReadOnlyList<string> rejected)
    {
        foreach (string message in rejected)
        {
            Event(EventKinds.CheckpointRecovered, TelemetryPriority.High, message);
        }
    }

    /// <summary>Does something with the storage whose failure the application bears: it is told, and the caller tries again
    /// later.</summary>
    public void TryStorage(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            Log(TelemetryLogLevel.Error, $"Could not {what}: {e.Message}");
        }
    }

    /// <summary>Tells how the telling itself goes.</summary>
    public void ReportOwnFigures()
    {
        Point(MetricNames.SpoolBytes, spool.StoredBytes);
        Point(
            MetricNames.SpoolDropped,
            spool.Dropped(TelemetryPriority.Low) + spool.Dropped(TelemetryPriority.Normal) + spool.Dropped(TelemetryPriority.High));
        Point(MetricNames.RecordsDropped, recorder.RecordsDropped + uploader.Refused);
        if (spool.Damaged > toldDamaged)
        {
            toldDamaged = spool.Damaged;
            Event(EventKinds.CheckpointRecovered, TelemetryPriority.High,
                $"Records of the spool that were damaged and are lost: {toldDamaged}.");
        }

        if (spool.StorageFailures > toldFailures)
        {
            toldFailures = spool.StorageFailures;
            Log(TelemetryLogLevel.Error, $"The spool could not be written, and stays in memory: {spool.LastStorageFailure}");
        }
    }

    /// <summary>Changes the time between two reports until the next start.</summary>
    public void SetPeriod(TimeSpan period) => recorder.ReportPeriod = period;

    /// <summary>Makes everything durable: before a stop.</summary>
    public void Flush() => recorder.Flush();

    // Pixels are from 0 to 1; windows of sensors are not, and are shown from their smallest to their largest value.
    private static (float Black, float White) Range(ReadOnlySpan<float> values)
    {
        float black = 0, white = 1;
        foreach (float value in values)
        {
            // Comparisons, not Math.Min: a NaN counts for nothing.
            black = value < black ? value : black;
            white = value > white ? value : white;
        }

        return (black, white);
    }

    private static byte[] ToGrey(ReadOnlySpan<float> values, float black, float white)
    {
        var grey = new byte[values.Length];
        for (int i = 0; i < grey.Length; i++)
        {
            // A NaN, which is above nothing, becomes black; what a reconstruction has beyond the input's range is cut.
            float share = (values[i] - black) / (white - black);
            grey[i] = share >= 1 ? (byte)255 : share > 0 ? (byte)(255 * share) : (byte)0;
        }

        return grey;
    }

    /// <summary>FNV-1a: every device has a seed of its own.</summary>
    private static ulong Seed(string deviceId)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char c in deviceId)
        {
            hash = unchecked((hash ^ c) * 1_099_511_628_211);
        }

        return hash;
    }
}
