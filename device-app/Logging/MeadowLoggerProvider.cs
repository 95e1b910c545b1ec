using System;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;
using MeadowLevel = Meadow.Logging.LogLevel;
using MeadowLog = Meadow.Logging.Logger;

namespace FeatureAlignment.DeviceApp.Logging;

/// <summary>Lines of Microsoft.Extensions.Logging onto Meadow's log, which <c>meadow listen</c> shows.</summary>
internal sealed class MeadowLoggerProvider : ILoggerProvider
{
    private readonly MeadowLog log;

    public MeadowLoggerProvider(MeadowLog log) => this.log = log;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new CategoryLogger(log, categoryName);

    /// <summary>Nothing to let go of: the log is Meadow's.</summary>
    public void Dispose()
    {
    }

    private sealed class CategoryLogger : ILogger, IDisposable
    {
        private readonly MeadowLog log;
        private readonly string category;

        public CategoryLogger(MeadowLog log, string category)
        {
            this.log = log;
            this.category = category;
        }

        /// <summary>Scopes are not shown.</summary>
        public IDisposable BeginScope<TState>(TState state) where TState : notnull => this;

        /// <summary>Ends a scope.</summary>
        public void Dispose()
        {
        }

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel != LogLevel.None && LevelOf(logLevel) >= log.LogLevel;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            string line = $"{category}: {formatter(state, exception)}";
            line = exception is null ? line : $"{line}{Environment.NewLine}{exception}";
            switch (LevelOf(logLevel))
            {
                case MeadowLevel.Trace: log.Trace(line); break;
                case MeadowLevel.Debug: log.Debug(line); break;
                case MeadowLevel.Information: log.Info(line); break;
                case MeadowLevel.Warning: log.Warn(line); break;
                default: log.Error(line); break;
            }
        }

        // Meadow has no level above Error.
        private static MeadowLevel LevelOf(LogLevel level) =>
            level >= LogLevel.Error ? MeadowLevel.Error : (MeadowLevel)(int)level;
    }
}
