namespace FeatureAlignment.Simulator.Commands;

/// <summary>What the process returns to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Data, files, memory or the training itself failed.</summary>
    public const int Failure = 1;

    /// <summary>The call was wrong.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl+C: 128 + SIGINT, as shells count.</summary>
    public const int Interrupted = 130;
}
