using System;
using System.IO;
using FeatureAlignment.Datasets;

namespace FeatureAlignment.BoardProxy;

/// <summary>Samples, and the file that they are read from for as long as they are used.</summary>
internal sealed class OpenSamples(ISampleSource samples, FileStream? images = null) : IDisposable
{
    public ISampleSource Samples { get; } = samples;

    /// <summary>The first samples of a pair of plain IDX files, left in storage as on the board: its heap has no room for all.</summary>
    public static OpenSamples First(string prefix, int count)
    {
        FileStream images = Open(prefix + "-images-idx3-ubyte");
        using FileStream labels = Open(prefix + "-labels-idx1-ubyte");
        return new OpenSamples(new SampleSubset(StoredIdxDataset.Open(images, labels, prefix), 0, count), images);
    }

    public void Dispose() => images?.Dispose();

    // Without a buffer of its own: a sample is one read.
    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
}
