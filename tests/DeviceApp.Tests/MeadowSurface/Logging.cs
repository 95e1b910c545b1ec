// Read from WildernessLabs/Meadow.Logging, 2.1.0.1 (bdeac37): Source/Meadow.Logging/lib/{Logger,Loglevel,ILogProvider}.cs.
using System.Collections.Generic;

namespace Meadow.Logging;

public enum LogLevel
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    None = 99,
}

public interface ILogProvider
{
    void Log(LogLevel level, string message, string? messageGroup);
}

public class Logger
{
    private readonly List<ILogProvider> providers = [];

    public LogLevel LogLevel { get; set; } = LogLevel.Error;

    public void AddProvider(ILogProvider provider) => providers.Add(provider);

    public void Trace(string message, string? messageGroup = null) => Log(LogLevel.Trace, message, messageGroup);

    public void Debug(string message, string? messageGroup = null) => Log(LogLevel.Debug, message, messageGroup);

    public void Info(string message, string? messageGroup = null) => Log(LogLevel.Information, message, messageGroup);

    public void Warn(string message, string? messageGroup = null) => Log(LogLevel.Warning, message, messageGroup);

    public void Error(string message, string? messageGroup = null) => Log(LogLevel.Error, message, messageGroup);

    private void Log(LogLevel level, string message, string? messageGroup)
    {
        if (LogLevel <= level)
        {
            providers.ForEach(provider => provider.Log(level, message, messageGroup ?? "application"));
        }
    }
}
