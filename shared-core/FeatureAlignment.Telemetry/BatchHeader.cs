using System;

namespace FeatureAlignment.Telemetry;

/// <summary>
/// What names a batch for ever (device, boot, sequence), and when it was sent. It travels beside the body, in the address and in
/// headers.
/// </summary>
public sealed record BatchHeader
{
    /// <summary>Name of the header that carries <see cref="Boot"/>.</summary>
    public const string BootHeader = "X-Boot";

    /// <summary>Name of the header that carries <see cref="Sequence"/>.</summary>
    public const string SequenceHeader = "X-Seq";

    /// <summary>Name of the header that carries <see cref="TimeMilliseconds"/>.</summary>
    public const string TimeHeader = "X-Time";

    /// <summary>Name of the header that carries the device's key.</summary>
    public const string KeyHeader = "X-Device-Key";

    /// <summary>Name of the header that carries the signature instead; see <see cref="BatchSignature"/>.</summary>
    public const string SignatureHeader = "X-Signature";

    /// <summary>Creates a header.</summary>
    /// <param name="deviceId">1 to 64 of A-Z, a-z, 0-9, _, . and -, not dots alone.</param>
    /// <param name="boot">Starts of this device so far, this one included: 1 to 2^31-1.</param>
    /// <param name="sequence">Number of the batch since that start: 1 to 2^31-1.</param>
    /// <param name="timeMilliseconds">Unix milliseconds of the device's clock when sent, 0 (not set) to the end of the year 9999.</param>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public BatchHeader(string deviceId, int boot, int sequence, long timeMilliseconds)
    {
        DeviceId = TelemetryNames.RequireDeviceId(deviceId, nameof(deviceId));
        Boot = ArgumentChecks.AtLeast(boot, 1, nameof(boot));
        Sequence = ArgumentChecks.AtLeast(sequence, 1, nameof(sequence));
        TimeMilliseconds = ArgumentChecks.Time(timeMilliseconds, nameof(timeMilliseconds));
    }

    /// <summary>Id of the device.</summary>
    public string DeviceId { get; }

    /// <summary>Starts of this device so far.</summary>
    public int Boot { get; }

    /// <summary>Number of the batch since that start.</summary>
    public int Sequence { get; }

    /// <summary>Unix milliseconds of the device's clock when sent; 0 when it is not set.</summary>
    public long TimeMilliseconds { get; }

    /// <summary>Path that the batch is posted to.</summary>
    public string Path => $"/api/telemetry/{DeviceId}/batches";
}
