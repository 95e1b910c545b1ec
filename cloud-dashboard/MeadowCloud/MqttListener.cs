using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Server;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>
/// Takes connections for the broker. MQTTnet's own listener has no bounds: here there are so many connections at most, and packets that
/// are longer than a board ever sends end theirs before memory is taken for them.
/// </summary>
internal sealed class MqttListener(IPAddress address, int port, Action<EndPoint?, string> ended) : IMqttServerAdapter
{
    /// <summary>Most connections at a time.</summary>
    public const int MostConnections = 4_096;

    /// <summary>Most of them from one address.</summary>
    public const int MostOfOneAddress = MostConnections / 4;

    private const int BufferBytes = 4_096, MostBufferBytes = 65_536;

    private readonly CancellationTokenSource stopping = new();
    private readonly ConnectionCount connections = new("connections", MostConnections, MostOfOneAddress);
    private Socket? socket;

    /// <summary>Connections at this moment.</summary>
    public int Connections => connections.All;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>The port that it listens at; with 0 asked for, a free one.</summary>
    public int Port => ((IPEndPoint)socket!.LocalEndPoint!).Port;

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
        _ = AcceptAsync(socket, logger);
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        stopping.Cancel();
        socket?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        socket?.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync(Socket listening, IMqttNetLogger logger)
    {
        CancellationToken stop = stopping.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Socket accepted = await listening.AcceptAsync(stop);
                _ = Task.Run(() => ServeAsync(accepted, logger), CancellationToken.None);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer has gone already, or the process has too many files open: others may come later.
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }
        }
    }

    private async Task ServeAsync(Socket accepted, IMqttNetLogger logger)
    {
        EndPoint? remote = null;
        bool isCounted = false;
        try
        {
            remote = accepted.RemoteEndPoint;
            accepted.NoDelay = true;
            using var stream = new NetworkStream(accepted, ownsSocket: true);
            if (connections.Add((remote as IPEndPoint)?.Address) is string fault)
            {
                ended(remote, fault);
                return;
            }

            isCounted = true;

            var channel = new BoundedChannel(
                new MqttTcpChannel(stream, accepted.LocalEndPoint, remote, clientCertificate: null), reason => ended(remote, reason));
            using var adapter = new MqttChannelAdapter(
                channel, new MqttPacketFormatterAdapter(new MqttBufferWriter(BufferBytes, MostBufferBytes)), logger);
            if (ClientHandler is Func<IMqttChannelAdapter, Task> handler)
            {
                await handler(adapter);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a peer does ends its own connection and nothing else.
            ended(remote, e.Message);
        }
        finally
        {
            if (isCounted)
            {
                connections.Remove((remote as IPEndPoint)?.Address);
            }

            accepted.Dispose();
        }
    }
}
