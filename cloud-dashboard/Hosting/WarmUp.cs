using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>Opens the first page once before anybody else does: the runtime compiles what it consists of, a third of a second that the
/// first visitor would wait for otherwise.</summary>
internal static class WarmUp
{
    // A machine that is busier than this has more urgent things to do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly string[] Pages = ["/", "/js/site.js"];
    private static readonly string[] AnyHost = ["0.0.0.0", "[::]", "*", "+"];

    /// <summary>Asks the dashboard itself. What goes wrong here would go wrong for the first visitor, and is told then.</summary>
    /// <param name="urls">Where it listens.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task RunAsync(IEnumerable<string> urls, CancellationToken cancellation)
    {
        // Over https it would have to trust a certificate that is made for another name.
        if (urls.Select(BindingAddress.Parse).FirstOrDefault(one => one.Scheme == "http" && !one.IsUnixPipe) is not BindingAddress address)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        var root = new UriBuilder("http", AnyHost.Contains(address.Host) ? "localhost" : address.Host, address.Port).Uri;
        try
        {
            foreach (string page in Pages)
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri(root, page), patience.Token);
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // The first visitor compiles it then.
        }
    }
}
