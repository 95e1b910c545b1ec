using System;
using System.Threading;

namespace FeatureAlignment.Device.Platform;

/// <summary>Time as the device knows it.</summary>
public interface IDeviceClock
{
    /// <summary>Unix milliseconds (UTC); 0 until the time is known. It may jump, forwards and back, when the network sets it.</summary>
    long UnixMilliseconds { get; }

    /// <summary>Time since the device started; never goes back.</summary>
    TimeSpan Uptime { get; }

    /// <summary>Waits; returns early when stopping is asked for, without an exception.</summary>
    /// <param name="duration">Greater than 0, at most 1 s, so that the watchdog is fed in time.</param>
    /// <param name="stopping">Asks the application to stop.</param>
    void Wait(TimeSpan duration, CancellationToken stopping);
}

/// <summary>One reading of the world.</summary>
public interface ISensor
{
    /// <summary>Name of its series, <c>[a-z0-9_]{1,64}</c>, such as <c>temperature</c> or <c>acceleration_x</c>.</summary>
    string Name { get; }

    /// <summary>Unit of its values, such as <c>°C</c>; may be empty.</summary>
    string Unit { get; }

    /// <summary>The newest value, at once. May be NaN and may throw whatever a driver throws: both mean that the sensor is ill.</summary>
    float Read();
}

/// <summary>A light.</summary>
public interface IIndicator
{
    /// <summary>Shows a state until the next one; the head decides on colour and rhythm.</summary>
    void Show(IndicatorState state);
}

/// <summary>States that are worth a colour of their own.</summary>
public enum IndicatorState
{
    /// <summary>Settings, plan, resume.</summary>
    Starting,

    /// <summary>Learning.</summary>
    Learning,

    /// <summary>Learned; watching.</summary>
    Watching,

    /// <summary>An anomaly is open.</summary>
    Alarm,

    /// <summary>Paused, or finished and idle.</summary>
    Paused,

    /// <summary>Needs a person: bad settings, no working sensor, no usable storage.</summary>
    Fault,
}

/// <summary>Buttons, as presses.</summary>
public interface IButtons
{
    /// <summary>A press since the last call, oldest first.</summary>
    /// <param name="button">Set when true is returned.</param>
    bool TryTakePress(out DeviceButton button);
}

/// <summary>What a button means.</summary>
public enum DeviceButton
{
    /// <summary>"This is fine": the current window is normal.</summary>
    LabelNormal,

    /// <summary>"This is a fault": the current window is not to be learned.</summary>
    LabelFault,

    /// <summary>Pause, or resume.</summary>
    PauseOrResume,

    /// <summary>Next page of the screen.</summary>
    NextPage,
}

/// <summary>Figures of the runtime and the board; −1 or NaN where unknown.</summary>
public interface IHealthSource
{
    /// <summary>Managed bytes in use.</summary>
    long MemoryUsedBytes { get; }

    /// <summary>Bytes that could still be allocated.</summary>
    long MemoryFreeBytes { get; }

    /// <summary>Longest free block.</summary>
    long LargestFreeBlockBytes { get; }

    /// <summary>Temperature of the processor, °C.</summary>
    float TemperatureCelsius { get; }
}

/// <summary>Restarts the board when it is not fed for about 30 s.</summary>
public interface IWatchdog
{
    /// <summary>Called from the training loop and nowhere else: a loop that hangs must not be kept alive.</summary>
    void Feed();
}

/// <summary>A screen that takes whole pictures.</summary>
public interface IScreen
{
    /// <summary>Width in pixels.</summary>
    int Width { get; }

    /// <summary>Height in pixels.</summary>
    int Height { get; }

    /// <summary>Fills a rectangle; parts outside are ignored.</summary>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="width">0 or more.</param>
    /// <param name="height">0 or more.</param>
    /// <param name="color">0xRRGGBB.</param>
    void Fill(int x, int y, int width, int height, int color);

    /// <summary>Shows what was drawn since the last call.</summary>
    void Show();
}
