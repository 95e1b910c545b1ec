using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace FeatureAlignment.Simulator.Datasets;

/// <summary>How far the download of one file is.</summary>
/// <param name="FileName">The file's name, without a folder.</param>
/// <param name="ReceivedBytes">Starts at 0 again when another mirror is tried.</param>
/// <param name="TotalBytes">Null when the mirror does not say.</param>
internal readonly record struct DownloadProgress(string FileName, long ReceivedBytes, long? TotalBytes);

/// <summary>
/// Brings one published file into a folder, from the first mirror that gives it whole and unchanged. A file stands under its
/// name only when checked; whatever goes wrong before leaves the folder as it was.
/// </summary>
/// <param name="client">Used for every request; not disposed.</param>
/// <param name="patience">How long a mirror may stay silent before the next one is tried.</param>
internal sealed class DatasetDownloader(HttpClient client, TimeSpan patience)
{
    /// <summary>The largest published file has 26 MB; what goes on beyond this is something else.</summary>
    private const long LargestFile = 64L << 20;

    /// <summary>Downloads one file of a data set and puts it into the folder, replacing a file of that name.</summary>
    /// <exception cref="DatasetUnavailableException">No mirror gave the file; the message has the reason of each.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task DownloadAsync(
        PublishedDataset dataset,
        PublishedFile file,
        string folder,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        string fileName = file.Name + ".gz";
        // Beside its target, so that the last step is a rename within one volume; a name of its own, so that two runs can't mix.
        string temporary = Path.Combine(folder, $"{fileName}.{Guid.NewGuid():n}.part");
        var failures = new List<string>();
        try
        {
            foreach (Uri mirror in dataset.Mirrors)
            {
                var address = new Uri(mirror, fileName);
                try
                {
                    await ReceiveAsync(address, fileName, temporary, progress, cancellation).ConfigureAwait(false);
                    await CheckAsync(dataset, file, temporary, cancellation).ConfigureAwait(false);
                    File.Move(temporary, Path.Combine(folder, fileName), overwrite: true);
                    return;
                }
                catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or TimeoutException)
                {
                    failures.Add($"{address}: {e.Message}");
                }
            }
        }
        finally
        {
            File.Delete(temporary);
        }

        throw new DatasetUnavailableException(
            $"{fileName} could not be downloaded:{Environment.NewLine}  " + string.Join(Environment.NewLine + "  ", failures));
    }

    /// <summary>Whether a file holds what was published; false also when it can't be unpacked.</summary>
    public static async Task<bool> IsGenuineAsync(
        PublishedDataset dataset, PublishedFile file, string path, CancellationToken cancellation)
    {
        try
        {
            await CheckAsync(dataset, file, path, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static async Task CheckAsync(
        PublishedDataset dataset, PublishedFile file, string path, CancellationToken cancellation)
    {
        await using FileStream stream = File.OpenRead(path);
        string digest = await dataset.ComputeDigestAsync(stream, cancellation).ConfigureAwait(false);
        if (digest != file.Digest)
        {
            throw new InvalidDataException($"{dataset.DigestName} must be {file.Digest}; {digest} found.");
        }
    }

    private async Task ReceiveAsync(
        Uri address, string fileName, string path, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(patience);
        try
        {
            using HttpResponseMessage response = await client
                .GetAsync(address, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            long? total = response.Content.Headers.ContentLength;
            await using Stream body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            await using FileStream target = File.Create(path);

            var buffer = new byte[81_920];
            long received = 0;
            int read;
            while ((read = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0)
            {
                silence.CancelAfter(patience);
                received += read;
                if (received > LargestFile)
                {
                    throw new InvalidDataException($"At most {LargestFile:N0} bytes expected; the mirror sends more.");
                }

                await target.WriteAsync(buffer.AsMemory(0, read), silence.Token).ConfigureAwait(false);
                progress?.Report(new DownloadProgress(fileName, received, total));
            }

            if (total is not null && received != total)
            {
                throw new InvalidDataException($"{total:N0} bytes expected, {received:N0} received; the download was cut off.");
            }

            // The rename that follows must not reach the disk before the bytes do.
            target.Flush(flushToDisk: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"No data within {patience.TotalSeconds:0.###} seconds.");
        }
    }
}
