using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Storage;

/// <summary>
/// Notes in a ledger every byte that is written through it, working files included, failed writes as if they were whole. While much is read
/// or written it tells so again and again, because that is work too, and a file may take longer than a watchdog waits.
/// </summary>
public sealed class MeteredStorage : IDeviceStorage
{
    // A quarter of a second on the slowest medium.
    private const int ProgressBytes = 64 * 1024;

    private readonly IDeviceStorage storage;
    private readonly WearLedger ledger;
    private readonly Action? progress;
    private int movedBytes;

    /// <summary>Creates the view; nothing is read.</summary>
    /// <param name="storage">The storage itself.</param>
    /// <param name="ledger">Where bytes are noted.</param>
    /// <param name="progress">Told after every 64 KB that are read or written; null for nobody.</param>
    public MeteredStorage(IDeviceStorage storage, WearLedger ledger, Action? progress = null)
    {
        ArgumentChecks.NotNull(storage, nameof(storage));
        ArgumentChecks.NotNull(ledger, nameof(ledger));
        this.storage = storage;
        this.ledger = ledger;
        this.progress = progress;
    }

    /// <inheritdoc/>
    public long FreeBytes => storage.FreeBytes;

    /// <inheritdoc/>
    public IReadOnlyList<string> ListNames() => storage.ListNames();

    /// <inheritdoc/>
    public Stream OpenRead(string name) => new MeteredStream(storage.OpenRead(name), this);

    /// <inheritdoc/>
    public Stream Create(string name) => new MeteredStream(storage.Create(name), this);

    /// <inheritdoc/>
    public Stream OpenScratch(string name, long length) => new MeteredStream(storage.OpenScratch(name, length), this);

    /// <inheritdoc/>
    public void Flush(Stream file) => storage.Flush(file is MeteredStream metered
        ? metered.Inner
        : throw new ArgumentException("File must come from Create of this storage; it is another stream.", nameof(file)));

    /// <inheritdoc/>
    public void Rename(string name, string newName) => storage.Rename(name, newName);

    /// <inheritdoc/>
    public void Delete(string name) => storage.Delete(name);

    private void Moved(int bytes)
    {
        movedBytes += bytes;
        if (movedBytes >= ProgressBytes)
        {
            movedBytes = 0;
            progress?.Invoke();
        }
    }

    private sealed class MeteredStream(Stream inner, MeteredStorage owner) : Stream
    {
        public Stream Inner => inner;

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = inner.Read(buffer, offset, count);
            owner.Moved(read);
            return read;
        }

        public override int Read(Span<byte> buffer)
        {
            int read = inner.Read(buffer);
            owner.Moved(read);
            return read;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            owner.ledger.Add(count);
            inner.Write(buffer, offset, count);
            owner.Moved(count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            owner.ledger.Add(buffer.Length);
            inner.Write(buffer);
            owner.Moved(buffer.Length);
        }

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
