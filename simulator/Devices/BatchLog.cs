using System;
using System.IO;
using System.Text;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Simulator.Devices;

/// <summary>Batches in a file, one a line: what names it, and the batch as it went over the wire.</summary>
internal sealed class BatchLog(string path) : IDisposable
{
    private readonly FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);

    public void Write(BatchHeader header, ReadOnlyMemory<byte> body)
    {
        // The names are of letters, digits, - _ and . only: nothing to escape.
        string device = FormattableString.Invariant($$"""{"device":"{{header.DeviceId}}","boot":{{header.Boot}}""");
        string number = FormattableString.Invariant($$""","sequence":{{header.Sequence}},"time":{{header.TimeMilliseconds}},"batch":""");
        file.Write(Encoding.ASCII.GetBytes(device + number));
        file.Write(body.Span);
        file.Write("}\n"u8);
    }

    public void Dispose() => file.Dispose();
}
