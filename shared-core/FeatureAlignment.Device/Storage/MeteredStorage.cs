using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Device.Platform;

namespace FeatureAlignment.Device.Storage;

/// <summary>Notes in a ledger every byte that is written through it, working files included, failed writes as if they were whole.</summary>
public sealed class MeteredStorage : IDeviceStorage
{
    private readonly IDeviceStorage storage;
    private readonly WearLedger ledger;

    /// <summary>Creates the view; nothing is read.</summary>
    /// <param name="storage">The storage itself.</param>
    /// <param name="ledger">Where bytes are noted.</param>
    public MeteredStorage(IDeviceStorage storage, WearLedger ledger)
    {
        ArgumentChecks.NotNull(storage, nameof(storage));
        ArgumentChecks.NotNull(ledger, nameof(ledger));
        this.storage = storage;
        this.ledger = ledger;
    }

    /// <inheritdoc/>
    public long FreeBytes => storage.FreeBytes;

    /// <inheritdoc/>
    public IReadOnlyList<string> ListNames() => storage.ListNames();

    /// <inheritdoc/>
    public Stream OpenRead(string name) => storage.OpenRead(name);

    /// <inheritdoc/>
    public Stream Create(string name) => new MeteredStream(storage.Create(name), ledger);

    /// <inheritdoc/>
    public Stream OpenScratch(string name, long length) => new MeteredStream(storage.OpenScratch(name, length), ledger);

    /// <inheritdoc/>
    public void Flush(Stream file) => storage.Flush(file is MeteredStream metered
        ? metered.Inner
        : throw new ArgumentException("File must come from Create of this storage; it is another stream.", nameof(file)));

    /// <inheritdoc/>
    public void Rename(string name, string newName) => storage.Rename(name, newName);

    /// <inheritdoc/>
    public void Delete(string name) => storage.Delete(name);

    private sealed class MeteredStream(Stream inner, WearLedger ledger) : Stream
    {
        public Stream Inner => inner;

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override void Write(byte[] buffer, int offset, int count)
        {
            ledger.Add(count);
            inner.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            ledger.Add(buffer.Length);
            inner.Write(buffer);
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
