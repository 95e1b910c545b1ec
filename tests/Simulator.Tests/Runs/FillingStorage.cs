using System;
using System.Collections.Generic;
using System.IO;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Simulator.Tests.Runs;

/// <summary>A folder on a disk with little room: once so many bytes have been written, each further one fails as on a full disk.</summary>
internal sealed class FillingStorage(IStorage folder, long room) : IStorage
{
    private long roomLeft = room;

    public IReadOnlyList<string> ListNames() => folder.ListNames();

    public Stream OpenRead(string name) => folder.OpenRead(name);

    public Stream Create(string name) => new FillingStream(folder.Create(name), this);

    public Stream OpenScratch(string name, long length) => folder.OpenScratch(name, length);

    public void Flush(Stream file) => folder.Flush(((FillingStream)file).File);

    public void Rename(string name, string newName) => folder.Rename(name, newName);

    public void Delete(string name) => folder.Delete(name);

    private sealed class FillingStream(Stream file, FillingStorage storage) : Stream
    {
        public Stream File => file;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            int fitting = (int)Math.Min(count, storage.roomLeft);
            file.Write(buffer, offset, fitting);
            storage.roomLeft -= fitting;
            if (fitting < count)
            {
                throw new IOException("No space left on device.");
            }
        }

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }
}
