using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Simulator.Tests.Datasets;

/// <summary>Answers requests from a table of addresses, without a network; what is not in it is not found.</summary>
internal sealed class FakeMirror : HttpMessageHandler
{
    private readonly Dictionary<string, Func<CancellationToken, Task<HttpContent>>> answers = [];

    public List<string> Requests { get; } = [];

    public void Give(string address, byte[] bytes) => Give(address, () => new ByteArrayContent(bytes));

    public void Give(string address, Func<HttpContent> content) => answers[address] = _ => Task.FromResult(content());

    /// <summary>Promises the whole length, then ends early, as a connection does that breaks.</summary>
    public void GiveCutOff(string address, byte[] bytes, int length) => Give(
        address,
        () =>
        {
            var content = new StreamContent(new MemoryStream(bytes, 0, length));
            content.Headers.ContentLength = bytes.Length;
            return content;
        });

    public void Fail(string address, Exception failure) => answers[address] = _ => Task.FromException<HttpContent>(failure);

    /// <summary>Never answers.</summary>
    public void StaySilent(string address) => answers[address] = async cancellation =>
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("An endless delay ended.");
    };

    /// <summary>Sends these bytes, then nothing more, and never ends.</summary>
    public void GiveThenStall(string address, byte[] bytes) =>
        Give(address, () => new StreamContent(new StallingStream(bytes)));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string address = request.RequestUri!.AbsoluteUri;
        Requests.Add(address);
        return answers.TryGetValue(address, out Func<CancellationToken, Task<HttpContent>>? answer)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = await answer(cancellationToken) }
            : new HttpResponseMessage(HttpStatusCode.NotFound);
    }

    private sealed class StallingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return read;
        }
    }
}
