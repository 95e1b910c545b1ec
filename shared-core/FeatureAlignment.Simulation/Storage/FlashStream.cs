using System;
using System.IO;

namespace FeatureAlignment.Simulation.Storage;

/// <summary>An open file of a <see cref="SimulatedFlash"/>. Dies with the power: it can then only be disposed.</summary>
internal sealed class FlashStream(SimulatedFlash flash, string name, FlashFile file, Stream inner) : Stream
{
    private bool isDead;

    public string Name => name;

    public FlashFile File => file;

    public bool IsScratch { get; init; }

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public void Kill()
    {
        isDead = true;
        inner.Dispose();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        RequireAlive();
        flash.BeginRead(this, buffer.Length);
        return inner.Read(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireAlive();
        int fitting = flash.BeginWrite(this, inner.Position, buffer.Length);
        inner.Write(buffer[..fitting]);
        if (fitting < buffer.Length)
        {
            throw SimulatedFlash.Full();
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !isDead)
        {
            flash.Closed(this);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void RequireAlive()
    {
        if (isDead)
        {
            throw new PowerCutException();
        }
    }
}
