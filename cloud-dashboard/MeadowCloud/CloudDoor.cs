using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Ingestion;
using FeatureAlignment.Dashboard.Monitoring;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>
/// The routes that Meadow's cloud client posts to. It keeps what is not answered with 2xx and sends nothing else until it is: so what comes
/// from a board that may come is answered with 200, and put into quarantine if it can't be used.
/// </summary>
internal sealed partial class CloudDoor(
    DashboardOptions options, ITelemetryStore store, BoardAccess access, BoardConnections connections, CloudTranslator translator,
    DoorLimits limits, Refusals refusals, TimeProvider time, DashboardMetrics metrics, ILogger<CloudDoor> logger)
{
    // Names this door in the metrics.
    private const string Door = "meadow_cloud";

    public async Task HandleAsync(HttpContext context, bool areLogs)
    {
        IPAddress address = RequestSource.Plain(context.Connection.RemoteIpAddress);
        try
        {
            Answer answer = await TakeAsync(context.Request, address, areLogs, context.RequestAborted);
            await TypedResults.Json(answer).ExecuteAsync(context);
        }
        catch (DoorRefusedException refused)
        {
            await RefuseAsync(context, Refusals.SenderAt(address), address, limits.Count(address, refused));
        }
        catch (StoreUnavailableException e)
        {
            await RefuseAsync(
                context, Refusals.Anybody, address,
                new DoorRefusedException(StatusCodes.Status503ServiceUnavailable, e.Message, e.RetryAfter));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The board has gone; it will send the same again.
        }
        catch (BadHttpRequestException e)
        {
            await new DoorRefusedException(e.StatusCode, "The body must come whole and in time; it did not.").AnswerAsync(context);
        }
    }

    private Task RefuseAsync(HttpContext context, string sender, IPAddress address, DoorRefusedException refusal)
    {
        if (refusals.Count(Door, refusal.Status, sender, refusal.Message) is string detail)
        {
            LogRefusal(address, refusal.Status, detail);
        }

        return refusal.AnswerAsync(context);
    }

    private async Task<Answer> TakeAsync(HttpRequest request, IPAddress address, bool areLogs, CancellationToken cancellation)
    {
        // A browser sends another type without asking; so no page from elsewhere can report here through a browser on this machine.
        if (!request.HasJsonContentType())
        {
            throw new DoorRefusedException(StatusCodes.Status415UnsupportedMediaType, "Content-Type must be application/json.");
        }

        string? loggedIn = await FindLoginAsync(request, cancellation);
        limits.TakeBatch(loggedIn ?? $"address {address}", "Too much comes from this board or address.");
        IReadOnlyList<CloudItem> items = await ReadAsync(request, areLogs, cancellation);
        var senders = new List<string?>();
        foreach (CloudItem item in items)
        {
            senders.Add(loggedIn ?? await FindSenderAsync(item, request, address, cancellation));
        }

        int accepted = 0, quarantined = 0;
        foreach ((CloudItem item, string? sender) in items.Zip(senders))
        {
            string? fault = await StoreAsync(item, sender, cancellation);
            if (fault is null)
            {
                accepted++;
                continue;
            }

            quarantined++;
            string reason = TelemetryText.Clean(fault, TelemetryLimits.TextLength);
            await store.AddQuarantineAsync(new QuarantineRecord(sender, Now(), areLogs ? "logs" : "events", reason, item.Body));
        }

        metrics.CountQuarantined(quarantined);
        string? board = senders.Distinct().Count() == 1 ? senders[0] : null;
        if (quarantined > 0
            && refusals.Take(board ?? Refusals.SenderAt(address), $"{Door} quarantine", "into quarantine") is string fate)
        {
            LogQuarantine(quarantined, items.Count, board ?? "?", address, fate);
        }

        return new Answer(accepted, quarantined);
    }

    // The board whose token came; null when none came.
    private async Task<string?> FindLoginAsync(HttpRequest request, CancellationToken cancellation)
    {
        string? header = request.Headers.Authorization;
        if (header is null)
        {
            return null;
        }

        string? token = AuthenticationHeaderValue.TryParse(header, out AuthenticationHeaderValue? parsed)
            && parsed.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? parsed.Parameter : null;
        return await access.FindBoardAsync(token ?? "", allowExpired: false, cancellation)
            // A token of ours that is over is no attempt to get in: its board must be told 401, or it does not log in anew.
            ?? throw new DoorRefusedException(
                StatusCodes.Status401Unauthorized,
                "Authorization must be Bearer with a valid token of this dashboard; it is not. Log in anew.")
            {
                IsFailedLogin = !access.IsToken(token ?? ""),
            };
    }

    private static async Task<IReadOnlyList<CloudItem>> ReadAsync(HttpRequest request, bool areLogs, CancellationToken cancellation)
    {
        try
        {
            byte[] sent = await RequestBody.ReadAsync(request, cancellation);
            return CloudItem.ReadAll(await RequestBody.DecodeAsync(request, sent, cancellation), areLogs);
        }
        catch (DoorRefusedException e)
        {
            // Too large, or not the gzip that it says it is: coming again would not help, and would hold up all else.
            return [CloudItem.Unreadable(default, e.Message)];
        }
    }

    // Without a token an item says itself which board it is of. Meadow's logs and health events do not: they are of the board whose
    // connection to the broker comes from the same address, if it is the only one. Null when nobody can tell on this machine.
    private async Task<string?> FindSenderAsync(CloudItem item, HttpRequest request, IPAddress address, CancellationToken cancellation)
    {
        bool isSameMachine = RequestSource.IsSameMachine(request.HttpContext, options);
        string? deviceId = item.DeviceId is string said ? await access.ResolveAsync(said, cancellation) : connections.FindOnly(address);
        string? refusal = deviceId is not null ? await access.FindRefusalAsync(deviceId, isSameMachine, cancellation)
            : isSameMachine ? null
            : "A board must log in, or say by deviceId that it is one of --allow-unauthenticated-boards; it does neither.";
        return refusal is null ? deviceId : throw Unauthorized(refusal);
    }

    // Returns why the item, or a part of it, can't be used.
    private async Task<string?> StoreAsync(CloudItem item, string? sender, CancellationToken cancellation)
    {
        if (item.Fault is not null)
        {
            return item.Fault;
        }

        if (sender is null)
        {
            return "It must be known which board this is of. It has no deviceId, and not exactly one board is connected from its address.";
        }

        if (item.DeviceId is string said && !said.Equals(sender, StringComparison.OrdinalIgnoreCase))
        {
            return $"It must be of board {sender}, which sent it; it says that it is of {said}.";
        }

        CloudTranslation translation = await translator.TranslateAsync(item, sender, Now(), cancellation);
        AppendResult? result = translation.Batch is null ? null : await store.AppendAsync(translation.Batch);
        if (result?.IsRepeated == true)
        {
            metrics.CountRepeated();
        }

        return result?.Refusal ?? (result?.IsRepeated == true ? null
            : result?.Answer?.Quarantined > 0 ? "Its run is deleted."
            : translation.Unusable);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static DoorRefusedException Unauthorized(string detail) => new(StatusCodes.Status401Unauthorized, detail);

    [LoggerMessage(EventId = 200, Level = LogLevel.Warning, Message = "Post of a board from {Address} refused with {Status}: {Detail}")]
    private partial void LogRefusal(IPAddress address, int status, string detail);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning,
        Message = "{Count} of {All} items of board {DeviceId} from {Address} went {Detail}")]
    private partial void LogQuarantine(int count, int all, string deviceId, IPAddress address, string detail);

    private sealed record Answer(int Accepted, int Quarantined);
}
