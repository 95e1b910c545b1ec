using System.Net;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Monitoring;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>
/// Connections to the pages and the HTTP doors. Kestrel takes any number, and its own limit knows no addresses: one sender could take all
/// places. Who is one too many is told so and let go, at the price of a few bytes.
/// </summary>
internal sealed partial class HttpConnections(
    DashboardOptions options, Refusals refusals, ILogger<HttpConnections> logger, int most = HttpConnections.Most,
    int mostOfOneAddress = HttpConnections.MostOfOneAddress)
{
    /// <summary>Most at a time: 1,000 boards that keep theirs open, the same again while they come anew after a network's end, and 300 open
    /// pages with six each. At some 10 KB each they take no memory worth a word.</summary>
    public const int Most = 4_096;

    /// <summary>Most of one address: 1,000 boards of one workshop twice, as above; half is left for all others.</summary>
    public const int MostOfOneAddress = Most / 2;

    // Names this door in the metrics.
    private const string Door = "connections";

    // As HTTP has not begun yet. A client that writes first finds it when it reads.
    private static readonly byte[] Refusal = Encoding.ASCII.GetBytes(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        + $"Content-Length: {RefusalBody.Length}\r\n\r\n{RefusalBody}");

    private readonly ConnectionCount count = new("connections", most, mostOfOneAddress, options.Proxies);

    private static string RefusalBody => """{"title":"Service Unavailable","status":503,"detail":"There are too many connections."}""";

    /// <summary>Serves a connection, if there may be one more.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress? address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (count.Add(address) is string fault)
        {
            if (refusals.Count(Door, StatusCodes.Status503ServiceUnavailable, Refusals.SenderAt(address), fault) is string line)
            {
                LogRefusal(RequestSource.Plain(address), line);
            }

            await connection.Transport.Output.WriteAsync(Refusal);
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            count.Remove(address);
        }
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Connection from {Address} refused: {Detail}")]
    private partial void LogRefusal(IPAddress address, string detail);
}
