using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>The program itself, as a shell would start it.</summary>
internal sealed class SimulatorProcess : IDisposable
{
    public const int HangUpSignal = 1;
    public const int InterruptSignal = 2;

    // A hang should fail the test, not the whole run; nothing here takes a tenth of it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Task<string> error;

    public SimulatorProcess(string workingFolder, params string[] arguments)
        : this(
            workingFolder, Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "simulator.exe" : "simulator"), arguments)
    {
    }

    /// <summary>Another program that starts it.</summary>
    public SimulatorProcess(string workingFolder, string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Reads its output up to a line that starts so.</summary>
    /// <returns>Whether there was one before the output ended.</returns>
    public async Task<bool> ReadUntilAsync(string lineStart)
    {
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith(lineStart, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What Ctrl+C does in a terminal of Linux or macOS, or its closing.</summary>
    public void Interrupt(int signal)
    {
        if (SendSignal(process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Process {process.Id} must take a signal; error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, output, await error);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int processId, int signal);
}
