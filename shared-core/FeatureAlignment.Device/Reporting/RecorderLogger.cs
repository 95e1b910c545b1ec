using System;
using FeatureAlignment.Telemetry;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Device.Reporting;

/// <summary>Takes the application's log down as telemetry. To be called from the application's thread only, as the recorder is.</summary>
public sealed class RecorderLogger : ILogger
{
    private readonly TelemetryRecorder recorder;

    /// <summary>Creates the logger.</summary>
    /// <param name="recorder">Takes the lines down; its least level is that of the logger.</param>
    public RecorderLogger(TelemetryRecorder recorder)
    {
        ArgumentChecks.NotNull(recorder, nameof(recorder));
        this.recorder = recorder;
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && (TelemetryLogLevel)logLevel >= recorder.LeastLogLevel;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentChecks.NotNull(formatter, nameof(formatter));
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string text = formatter(state, exception);
        recorder.Log((TelemetryLogLevel)logLevel, exception is null ? text : $"{text} {exception.GetType().Name}: {exception.Message}");
    }

    /// <summary>Scopes are not taken down.</summary>
    /// <param name="state">Not used.</param>
    /// <returns>Null: there is nothing to end.</returns>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
}
