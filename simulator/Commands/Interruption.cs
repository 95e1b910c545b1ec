using System;
using System.IO;
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
            // A closed terminal; on Windows, a closed console window. Under nohup the runtime leaves the signal ignored.
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
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
