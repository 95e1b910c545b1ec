using System;
using System.IO;
using System.Runtime.InteropServices;

namespace FeatureAlignment.Layers;

/// <summary>Rows of weights one behind the other in a stream that can be read and written anywhere.</summary>
public sealed class StreamRowStorage : IRowStorage, IDisposable
{
    private readonly Stream stream;
    private readonly int rowBytes;
    private readonly Action? blockDone;

    /// <summary>Uses a stream.</summary>
    /// <param name="stream">Seekable, readable, writable, as long as all rows; closed by <see cref="Dispose"/>.</param>
    /// <param name="rowLength">Floats of a row, I + K.</param>
    /// <param name="blockDone">Called after each block that is read or written.</param>
    public StreamRowStorage(Stream stream, int rowLength, Action? blockDone = null)
    {
        ArgumentChecks.NotNull(stream, nameof(stream));
        ArgumentChecks.InRange(rowLength, 1, int.MaxValue / sizeof(float), "Length of a row");
        this.stream = stream;
        rowBytes = rowLength * sizeof(float);
        this.blockDone = blockDone;
    }

    /// <summary>Bytes written so far: what a flash medium wears by.</summary>
    public long BytesWritten { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="EndOfStreamException">The stream is shorter than its rows.</exception>
    public void Read(int firstRow, Span<float> rows)
    {
        if (!TryRead(stream, (long)firstRow * rowBytes, rows))
        {
            throw new EndOfStreamException($"The file of rows must hold {rows.Length} values from row {firstRow} on; it is shorter.");
        }

        blockDone?.Invoke();
    }

    /// <inheritdoc/>
    public void Write(int firstRow, ReadOnlySpan<float> rows)
    {
        stream.Position = (long)firstRow * rowBytes;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(rows);
        stream.Write(bytes);
        BytesWritten += bytes.Length;
        blockDone?.Invoke();
    }

    /// <summary>Fills <paramref name="values"/> from a place in a stream; a stream may give fewer bytes a call than asked for.</summary>
    /// <returns>False when the stream ends before.</returns>
    internal static bool TryRead(Stream stream, long offset, Span<float> values)
    {
        stream.Position = offset;
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        while (!bytes.IsEmpty)
        {
            int read = stream.Read(bytes);
            if (read == 0)
            {
                return false;
            }

            bytes = bytes.Slice(read);
        }

        return true;
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose() => stream.Dispose();
}
