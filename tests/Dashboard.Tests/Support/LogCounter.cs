using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>Keeps the lines of the log from warnings up, with the request that they belong to. What Kestrel says of a machine that is slow
/// is about no request, and left out.</summary>
internal sealed class LogCounter : ILoggerProvider, ISupportExternalScope
{
    private const string SlowMachine = "HeartbeatSlow";

    private readonly ConcurrentQueue<(LogLevel Level, string? Request, string Text)> lines = new();
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<(LogLevel Level, string? Request, string Text)> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private string? FindRequest()
    {
        string? found = null;
        scopes.ForEachScope(
            (scope, _) =>
            {
                foreach (KeyValuePair<string, object?> item in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                {
                    found = item.Key == "RequestId" ? Convert.ToString(item.Value, CultureInfo.InvariantCulture) : found;
                }
            }, 0);
        return found;
    }

    private sealed class Logger(LogCounter counter) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => counter.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && eventId.Name != SlowMachine)
            {
                counter.lines.Enqueue((logLevel, counter.FindRequest(), $"{formatter(state, exception)} {exception}"));
            }
        }
    }
}
