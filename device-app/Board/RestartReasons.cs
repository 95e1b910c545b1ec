using System;
using System.IO;
using Meadow;
using Meadow.Hardware;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>Why the board started: a note that was left before a restart on purpose, else what Meadow and the processor say.</summary>
internal sealed class RestartReasons
{
    private readonly IReliabilityService? reliability;
    private readonly string note;
    private readonly ILogger logger;

    public RestartReasons(IReliabilityService? reliability, string dataDirectory, ILogger logger)
    {
        this.reliability = reliability;
        note = Path.Combine(dataDirectory, "restart-reason");
        this.logger = logger;
    }

    /// <summary>Leaves a note for the next start.</summary>
    public void Record(string reason)
    {
        try
        {
            File.WriteAllText(note, reason);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(e, "The reason of the restart, {Reason}, could not be kept.", reason);
        }
    }

    /// <summary>The reason of this start, once: note and crash report are used up.</summary>
    public string Take()
    {
        string noted = TakeNote();
        bool hasCrashed = TakeCrashReport();
        ResetReason reset = reliability?.LastResetReason ?? ResetReason.Unknown;
        return noted.Length > 0 ? noted
            : hasCrashed ? "crash"
            : (reset & (ResetReason.IndependentWatchdog | ResetReason.WindowWatchdog)) != 0 ? "watchdog"
            : (reset & (ResetReason.PowerOnReset | ResetReason.InsufficientPower | ResetReason.LowPower)) != 0 ? "power"
            : "unknown";
    }

    private string TakeNote()
    {
        try
        {
            if (!File.Exists(note))
            {
                return "";
            }

            string reason = File.ReadAllText(note);
            File.Delete(note);

            // A power cut can leave the file torn.
            return reason is "command" or "update" ? reason : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(e, "The note on the restart could not be read.");
            return "";
        }
    }

    private bool TakeCrashReport()
    {
        if (reliability is null || !reliability.LastBootWasFromCrash)
        {
            return false;
        }

        foreach (string report in reliability.GetCrashData())
        {
            logger.LogError("Crash report of the run before: {Report}", report);
        }

        // Meadow.Cloud sends the report and clears it by itself once it is connected.
        if (Resolver.MeadowCloudService?.IsEnabled != true)
        {
            reliability.ClearCrashData();
        }

        return true;
    }
}
