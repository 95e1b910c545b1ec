using System;
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using MQTTnet.Channel;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>
/// A channel that ends at the first packet that is too long. It follows the fixed headers that pass (MQTT 5.0, section 2.1): a byte, then
/// the length of the rest, seven bits in a byte.
/// </summary>
internal sealed class BoundedChannel(IMqttChannel inner, Action<string> refused) : IMqttChannel
{
    /// <summary>Longest packet after its fixed header. A board sends CONNECT with a token, SUBSCRIBE and PINGREQ.</summary>
    public const int MostBytes = 16 * 1024;

    private const int BitsOfByte = 7, MostShift = 3 * BitsOfByte;

    private int skip, length, shift;
    private bool isInLength, isOver;

    public X509Certificate2? ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        int read = isOver ? 0 : await inner.ReadAsync(buffer, offset, count, cancellationToken);
        for (int i = offset; i < offset + read && !isOver; i++)
        {
            Follow(buffer[i]);
        }

        return isOver ? 0 : read;
    }

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public void Dispose() => inner.Dispose();

    private void Follow(byte next)
    {
        if (skip > 0)
        {
            skip--;
        }
        else if (!isInLength)
        {
            (isInLength, length, shift) = (true, 0, 0);
        }
        else
        {
            length |= (next & 0x7F) << shift;
            bool goesOn = (next & 0x80) != 0;
            if (length > MostBytes || (goesOn && shift == MostShift))
            {
                isOver = true;
                refused(string.Create(CultureInfo.InvariantCulture, $"its packet is longer than {MostBytes} bytes"));
            }

            shift += BitsOfByte;
            isInLength = goesOn;
            skip = goesOn ? 0 : length;
        }
    }
}
