using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>Turns the first Ctrl+C (or request to terminate) into a cancelled token; the second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly TextWriter error;

    public Interruption(TextWriter error)
    {
        this.error = error;
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            // A closed terminal; on Windows, a closed console window.
            .. IsHangUpHeeded() ? [PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop)] : Array.Empty<PosixSignalRegistration>(),
        ];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    /// <summary>
    /// Whether a closed terminal is to end the program. Under nohup it is not, and a handler would undo that; where the system does not
    /// tell, it is left to the system.
    /// </summary>
    private static bool IsHangUpHeeded()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        string? line = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal))
            : null;
        // One bit a signal, from number 1 on; the hang-up is number 1.
        return line is not null
            && ulong.TryParse(line.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong mask)
            && (mask & 1) == 0;
    }

    private void Stop(PosixSignalContext context)
    {
        // Left alone, the second signal does what the system does with it: the process ends.
        if (source.IsCancellationRequested)
        {
            return;
        }

        context.Cancel = true;
        error.WriteLine("Stopping after this step; Ctrl+C again ends at once.");
        source.Cancel();
    }
}
