using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Ingestion;

/// <summary>What a device was told is stored stays stored. tests/Dashboard.Load does the same longer and harder.</summary>
[TestFixture]
public sealed class CrashTests
{
    private const int Kills = 3;
    private const int BatchesBetweenKills = 40;

    [Test]
    public async Task Kill_UnderLoad_EveryAcknowledgedBatchIsThereOnce()
    {
        using LoadFleet fleet = await LoadFleet.CreateAsync(devices: 4, pointsPerBatch: 24);
        DashboardProcess dashboard = await DashboardProcess.StartAsync(fleet.Database);
        try
        {
            using var stop = new CancellationTokenSource();
            Task load = fleet.RunAsync(() => dashboard.Address, stop.Token);
            for (int kill = 1; kill <= Kills; kill++)
            {
                await fleet.WaitForAsync(kill * BatchesBetweenKills, load);
                dashboard.Kill();
                dashboard.Dispose();
                dashboard = await DashboardProcess.StartAsync(fleet.Database);
            }

            await stop.CancelAsync();
            await load;
        }
        finally
        {
            dashboard.Dispose();
        }

        IReadOnlyList<string> faults = await fleet.FindFaultsAsync();

        Assert.That(faults, Is.Empty);
        Assert.That(fleet.Devices.Sum(device => device.Failures), Is.GreaterThan(0), "nobody noticed the kills");
    }
}
