using System.CommandLine;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>One tool for each of the dashboard's bars of speed and endurance; each ends with 1 when a bar is missed.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Loads a dashboard on this machine and compares what it does with what it must.")
        {
            FleetLoad.Command(), LatencyLoad.Command(), ChartLoad.Command(), ZoomLoad.Command(), LiveLoad.Command(),
            FirstPageLoad.Command(),
        };
        IngestionLoad.AddTo(root);
        return root.Parse(args).InvokeAsync();
    }
}
