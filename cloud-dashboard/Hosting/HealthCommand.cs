using System;
using System.CommandLine;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>The command <c>health</c>, for containers whose image has no curl: asks a running dashboard whether it can store
/// batches.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var url = new Argument<string>("URL")
        {
            Description = "Where the dashboard listens.",
            DefaultValueFactory = _ => DashboardOptions.DefaultUrl,
        };
        var command = new Command("health", "Asks a running dashboard whether it can store batches: 0 if so, else 1.") { url };
        command.SetAction((parsed, cancellation) =>
            AskAsync(new Uri(Parse(parsed.GetRequiredValue(url)), "/health/ready"), cancellation));
        return command;
    }

    private static Uri Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address
        : throw new ArgumentException($"URL must be an address of http or https, such as {DashboardOptions.DefaultUrl}; was '{url}'.");

    private static async Task<int> AskAsync(Uri address, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(address, cancellation);
            Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellation));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address} must answer; it does not: {e.Message}");
            return 1;
        }
    }
}
