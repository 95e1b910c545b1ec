using System;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace FeatureAlignment.Device.Tests.Uplink;

/// <summary>A batch door on the loopback that answers as a test says.</summary>
internal sealed class BatchDoor : IDisposable
{
    private readonly HttpListener listener;
    private readonly Action<HttpListenerResponse> answer;

    private BatchDoor(HttpListener listener, Uri address, Action<HttpListenerResponse> answer)
    {
        this.listener = listener;
        Address = address;
        this.answer = answer;
    }

    public Uri Address { get; }

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<(string Path, NameValueCollection Headers, byte[] Body)> Requests { get; } = new();

    public static BatchDoor Open(Action<HttpListenerResponse> answer)
    {
        for (int attempt = 1; ; attempt++)
        {
            var listener = new HttpListener();
            var address = new Uri($"http://127.0.0.1:{FreePort()}/");
            listener.Prefixes.Add(address.ToString());
            try
            {
                listener.Start();
                var door = new BatchDoor(listener, address, answer);
                _ = Task.Run(door.ServeAsync);
                return door;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody else took the port in between.
            }
        }
    }

    /// <summary>An answer with a code, a body and headers.</summary>
    public static Action<HttpListenerResponse> Answers(
        int code, string body = "", params (string Name, string Value)[] headers) => response =>
    {
        response.StatusCode = code;
        foreach ((string name, string value) in headers)
        {
            response.AddHeader(name, value);
        }

        response.Close(System.Text.Encoding.UTF8.GetBytes(body), willBlock: true);
    };

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Requests.Enqueue((context.Request.Url!.AbsolutePath, context.Request.Headers, body.ToArray()));
            answer(context.Response);
        }
    }

    private static int FreePort()
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return port;
    }
}
