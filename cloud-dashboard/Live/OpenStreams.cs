using System;
using System.Globalization;
using System.Net;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Monitoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.Live;

/// <summary>The streams that are open, of which there are so many at most: each has its events written for it alone, five times a
/// second.</summary>
internal sealed partial class OpenStreams(
    Refusals refusals, ILogger<OpenStreams> logger, int most = OpenStreams.Most, int mostOfOneAddress = OpenStreams.MostOfOneAddress)
{
    /// <summary>Most at a time: pages that somebody looks at, as hidden ones let go of theirs.</summary>
    public const int Most = 512;

    /// <summary>Most of one address: a lecture hall whose people share one, and three quarters for all others.</summary>
    public const int MostOfOneAddress = Most / 4;

    // Names this door in the metrics.
    private const string Door = "live";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly ConnectionCount count = new("live streams", most, mostOfOneAddress);

    /// <summary>How many are open at this moment.</summary>
    public int Count => count.All;

    /// <summary>Takes a place for the stream that a request asks for, until its answer ends.</summary>
    /// <returns>What to answer when there is none; else null.</returns>
    public IResult? Refuse(HttpContext context)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        if (count.Add(address) is not string fault)
        {
            context.Response.OnCompleted(() =>
            {
                count.Remove(address);
                return Task.CompletedTask;
            });
            return null;
        }

        if (refusals.Count(Door, StatusCodes.Status503ServiceUnavailable, Refusals.SenderAt(address), fault) is string line)
        {
            LogRefusal(RequestSource.Plain(address), line);
        }

        context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem($"No live updates now: {fault}.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "Live stream for {Address} refused: {Detail}")]
    private partial void LogRefusal(IPAddress address, string detail);
}
