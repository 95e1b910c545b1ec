using System;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Device.Uplink;

/// <summary>
/// Sends batches straight to the batch door of a dashboard, as docs/telemetry-schema.md describes it: one request at a time, on a thread of
/// the pool, through one <see cref="HttpClient"/> for ever. The application's thread never waits for the network.
/// </summary>
/// <remarks>
/// A key never crosses a plain connection: over http the batch is signed with it, over https it goes along as it is. Redirects are not
/// followed, so that neither reaches another machine.
/// </remarks>
public sealed class HttpBatchUplink : IUplink, IDisposable
{
    /// <summary>Time after which a request without an answer counts as failed, unless the constructor is told another.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    private readonly object gate = new();
    private readonly HttpClient client;
    private readonly string root;
    private readonly string key;
    private readonly byte[] signingKey;
    private bool isUnderWay;
    private UplinkOutcome? outcome;
    private string status = "offline";

    /// <summary>Creates the uplink; nothing is sent.</summary>
    /// <param name="address">The dashboard, such as <c>http://192.168.1.10:5080</c>; a path before the door's own is kept.</param>
    /// <param name="key">The device's key at that dashboard; empty for none.</param>
    /// <param name="timeout">Longest wait for an answer, greater than zero; <see cref="DefaultTimeout"/> when null.</param>
    /// <exception cref="ArgumentException">The address is not an absolute one of http or https.</exception>
    public HttpBatchUplink(Uri address, string key, TimeSpan? timeout = null)
    {
        ArgumentChecks.NotNull(address, nameof(address));
        ArgumentChecks.NotNull(key, nameof(key));
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"Address must begin with http:// or https://; was '{address}'.", nameof(address));
        }

        root = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        this.key = key;
        signingKey = address.Scheme == "http" ? Encoding.UTF8.GetBytes(key) : Array.Empty<byte>();
        client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = timeout ?? DefaultTimeout,

            // What is longer is no answer of a dashboard, and would not fit a board either.
            MaxResponseContentBufferSize = TelemetryLimits.BodyBytes,
        };
    }

    /// <inheritdoc/>
    public bool IsReady
    {
        get
        {
            lock (gate)
            {
                return !isUnderWay;
            }
        }
    }

    /// <summary>
    /// <c>online</c>: the last batch was answered; <c>refused</c>: the key was not accepted; <c>offline</c>: no answer of use yet, or
    /// not any more.
    /// </summary>
    public string Status
    {
        get
        {
            lock (gate)
            {
                return status;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A batch is under way, or its outcome was not taken.</exception>
    public void Send(in BatchHeader header, ReadOnlyMemory<byte> body)
    {
        ArgumentChecks.NotNull(header, nameof(header));
        lock (gate)
        {
            if (isUnderWay)
            {
                throw new InvalidOperationException(
                    "A batch is sent when none is under way; one is, or its outcome was not taken. Look at IsReady first.");
            }

            isUnderWay = true;
        }

        BatchHeader name = header;
        byte[] bytes = body.ToArray();

        // Not on the caller's thread: on the board's Mono a look-up of a name can block before the first await.
        _ = Task.Run(() => PostAsync(name, bytes));
    }

    /// <inheritdoc/>
    public bool TryTakeOutcome(out UplinkOutcome outcome)
    {
        lock (gate)
        {
            outcome = this.outcome!;
            if (outcome is null)
            {
                return false;
            }

            this.outcome = null;
            isUnderWay = false;
            return true;
        }
    }

    /// <summary>Never: commands come with the answers.</summary>
    /// <param name="command">Not set.</param>
    public bool TryTakeCommand(out TelemetryCommand command)
    {
        command = null!;
        return false;
    }

    /// <summary>Gives up a request that is under way; its outcome is <see cref="UplinkResult.Failed"/>.</summary>
    public void Dispose() => client.Dispose();

    private async Task PostAsync(BatchHeader header, byte[] body)
    {
        UplinkOutcome result;
        string newStatus;
        try
        {
            using HttpRequestMessage request = RequestFor(header, body);
            using HttpResponseMessage response = await client.SendAsync(request).ConfigureAwait(false);
            byte[] answer = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
            (result, newStatus) = Judge((int)response.StatusCode, answer, RetryAfter(response.Headers));
        }
#pragma warning disable CA1031 // Whatever a network stack throws, the batch may or may not have arrived; nobody awaits this task.
        catch (Exception e)
#pragma warning restore CA1031
        {
            string reason = e is OperationCanceledException
                ? string.Format(CultureInfo.InvariantCulture, "no answer in {0:0.#} s", client.Timeout.TotalSeconds)
                : (e.InnerException ?? e).Message;
            (result, newStatus) = (new UplinkOutcome(UplinkResult.Failed, null, TelemetryText.Clean(reason), TimeSpan.Zero), "offline");
        }

        lock (gate)
        {
            outcome = result;
            status = newStatus;
        }
    }

    private HttpRequestMessage RequestFor(BatchHeader header, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, root + header.Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.ExpectContinue = false;
        request.Headers.Add(BatchHeader.BootHeader, header.Boot.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(BatchHeader.SequenceHeader, header.Sequence.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(BatchHeader.TimeHeader, header.TimeMilliseconds.ToString(CultureInfo.InvariantCulture));
        if (signingKey.Length > 0)
        {
            request.Headers.Add(BatchHeader.SignatureHeader, BatchSignature.Create(signingKey, header, body));
        }
        else if (key.Length > 0)
        {
            request.Headers.Add(BatchHeader.KeyHeader, key);
        }

        return request;
    }

    private static (UplinkOutcome Outcome, string Status) Judge(int code, byte[] body, TimeSpan retryAfter)
    {
        if (code == 200)
        {
            try
            {
                return (new UplinkOutcome(UplinkResult.Delivered, BatchReader.ReadAnswer(body), "", TimeSpan.Zero), "online");
            }
            catch (TelemetryFormatException e)
            {
                // The login page of a guest network answers 200 too: what does not answer as a dashboard has not stored anything.
                string fault = TelemetryText.Clean("200 without a dashboard's answer: " + e.Message);
                return (new UplinkOutcome(UplinkResult.Failed, null, fault, retryAfter), "offline");
            }
        }

        string reason = TelemetryText.Clean(
            string.Format(CultureInfo.InvariantCulture, "HTTP {0} {1}", code, Encoding.UTF8.GetString(body)).TrimEnd());
        UplinkResult result = code is 400 or 413 ? UplinkResult.Refused : UplinkResult.Failed;
        string status = code switch
        {
            401 or 403 => "refused",
            400 or 413 or 429 => "online",
            _ => "offline",
        };
        return (new UplinkOutcome(result, null, reason, retryAfter), status);
    }

    // A date is compared with the server's own clock: the board's may not be set.
    private static TimeSpan RetryAfter(HttpResponseHeaders headers)
    {
        TimeSpan asked = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - headers.Date) ?? TimeSpan.Zero;
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > LongestRetryAfter ? LongestRetryAfter : asked;
    }
}
