using System;
using System.Diagnostics;
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

    /// <summary>Largest memory that it has held, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    public static async Task<DashboardProcess> StartAsync(string database)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "dashboard.dll"), "--database", database, "--urls",
            "http://127.0.0.1:0", "--mqtt-port", "0"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        string? line = await process.StandardOutput.ReadLineAsync();
        const string Before = "Dashboard at ";
        if (line is null || !line.StartsWith(Before, StringComparison.Ordinal))
        {
            process.Kill();
            throw new InvalidOperationException($"The dashboard must say its address; it said: {line}");
        }

        return new DashboardProcess(process, new Uri(line[Before.Length..line.IndexOf(';', StringComparison.Ordinal)]));
    }

    /// <summary>Ends it at once, as kill -9 does.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }
}
