using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>The dashboard as its own process, on a free loopback port, so that it can be killed.</summary>
internal sealed class DashboardProcess : IDisposable
{
    private readonly Process process;

    private DashboardProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that it holds now, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Largest memory that it has held, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>What it writes, from the line after its address on.</summary>
    public StreamReader Output => process.StandardOutput;

    public static async Task<DashboardProcess> StartAsync(string database, params string[] options)
    {
        Process process = Start(["--database", database, "--urls", "http://127.0.0.1:0", "--mqtt-port", "0", .. options]);
        string? line = await process.StandardOutput.ReadLineAsync();
        const string Before = "Dashboard at ";
        int place = line?.IndexOf(Before, StringComparison.Ordinal) ?? -1;
        if (place < 0)
        {
            process.Kill();
            throw new InvalidOperationException($"The dashboard must say its address; it said: {line}");
        }

        string address = line![(place + Before.Length)..];
        return new DashboardProcess(process, new Uri(address[..address.IndexOfAny([';', '"'])]));
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="input">What somebody types.</param>
    /// <param name="arguments">The command.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string input, params string[] arguments) => (await TellAsync(input, arguments)).ExitCode;

    /// <summary>Runs a command to its end.</summary>
    /// <param name="input">What somebody types.</param>
    /// <param name="arguments">The command.</param>
    /// <returns>Its exit code, and all that it writes, faults last.</returns>
    public static async Task<(int ExitCode, string Output)> TellAsync(string input, params string[] arguments)
    {
        using Process process = Start(arguments, readsFaults: true);
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        Task<string> faults = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await faults);
    }

    /// <summary>Asks it to end, as systemd and containers do, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Ends it at once, as kill -9 does.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    // Faults that nobody reads would hold the process up once they are many.
    private static Process Start(string[] arguments, bool readsFaults = false) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "dashboard.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = readsFaults,
        })!;

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }
}
