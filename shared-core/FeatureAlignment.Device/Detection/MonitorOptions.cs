using System;
using FeatureAlignment.Device.Settings;

namespace FeatureAlignment.Device.Detection;

/// <summary>What the monitor watches and how sharply.</summary>
/// <param name="Channels">Channels of a window.</param>
/// <param name="Readings">Readings of each.</param>
/// <param name="Latents">Outputs of the network's top layer.</param>
/// <param name="WindowStep">Time from one window to the next.</param>
/// <param name="LearnFor">Observed time before alarms are raised.</param>
/// <param name="HalfLife">Observed time after which what was learned counts half.</param>
/// <param name="FalseAlarmRate">Share of normal windows that may be above a threshold.</param>
/// <param name="AlarmMargin">Factor on the thresholds for an alarm, 1 or more.</param>
/// <param name="AlarmWindows">Anomalous windows that make an alarm.</param>
/// <param name="AlarmOf">Windows that are looked at for it.</param>
public sealed record MonitorOptions(
    int Channels,
    int Readings,
    int Latents,
    TimeSpan WindowStep,
    TimeSpan LearnFor,
    TimeSpan HalfLife,
    double FalseAlarmRate,
    double AlarmMargin,
    int AlarmWindows,
    int AlarmOf)
{
    /// <summary>Half-life in windows.</summary>
    public double HalfLifeWindows => HalfLife / WindowStep;

    /// <summary>Windows of the learning phase.</summary>
    public long LearningWindows => (long)Math.Ceiling(LearnFor / WindowStep);

    /// <summary>The options that settings ask for.</summary>
    /// <param name="settings">The device's settings.</param>
    /// <param name="channels">Channels of a window.</param>
    public static MonitorOptions Create(DeviceSettings settings, int channels)
    {
        ArgumentChecks.NotNull(settings, nameof(settings));
        return new MonitorOptions(
            channels, settings.WindowReadings, settings.Training.Layers[settings.Training.Layers.Count - 1],
            (settings.WindowReadings - settings.OverlapReadings) * settings.SensorPeriod, settings.LearnFor, settings.HalfLife,
            settings.FalseAlarmRate, settings.AlarmMargin, settings.AlarmWindows, settings.AlarmOf);
    }
}
