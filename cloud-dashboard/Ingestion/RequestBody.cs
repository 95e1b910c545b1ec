using System;
using System.Buffers;
using System.IO;
using System.IO.Compression;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>Reads no more of a body than is allowed, neither as sent nor as it comes out of gzip.</summary>
internal static class RequestBody
{
    /// <summary>Reads the body as it was sent.</summary>
    /// <exception cref="DoorRefusedException">413: it is too large.</exception>
    public static Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        Require(request.ContentLength ?? 0);
        return ReadAsync(request.Body, cancellation);
    }

    /// <summary>The body as the sender wrote it.</summary>
    /// <exception cref="DoorRefusedException">413: it is too large. 400: it is not gzip although it should be, or encoded
    /// otherwise.</exception>
    public static async ValueTask<byte[]> DecodeAsync(HttpRequest request, byte[] sent, CancellationToken cancellation)
    {
        string? encoding = request.Headers.ContentEncoding;
        if (string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return sent;
        }

        if (!encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
        {
            throw new DoorRefusedException(StatusCodes.Status400BadRequest, "Content-Encoding must be gzip or absent.");
        }

        try
        {
            using var gzip = new GZipStream(new MemoryStream(sent), CompressionMode.Decompress);
            return await ReadAsync(gzip, cancellation);
        }
        catch (InvalidDataException)
        {
            throw new DoorRefusedException(StatusCodes.Status400BadRequest, "The body must be gzip, as Content-Encoding says; it is not.");
        }
    }

    private static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(TelemetryLimits.BodyBytes + 1);
        try
        {
            int length = await body.ReadAtLeastAsync(buffer.AsMemory(0, TelemetryLimits.BodyBytes + 1), TelemetryLimits.BodyBytes + 1,
                throwOnEndOfStream: false, cancellation);
            Require(length);
            return buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Require(long bytes)
    {
        if (TelemetryLimits.CheckBody(bytes) is LimitExceeded exceeded)
        {
            throw new DoorRefusedException(StatusCodes.Status413PayloadTooLarge, exceeded.ToString());
        }
    }
}
