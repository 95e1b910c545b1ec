using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Threading;
using FeatureAlignment.Dashboard.Hosting;

namespace FeatureAlignment.Dashboard.Monitoring;

/// <summary>
/// What the doors refuse. The metrics count all; the first of a sender and kind gets a line of the log, then one a minute that says how
/// many were left out: so neither a board that posts rubbish every second nor an attacker fills the disk.
/// </summary>
internal sealed class Refusals(DashboardMetrics metrics, TimeProvider time)
{
    /// <summary>Lines of one sender and kind are at least so far apart.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    /// <summary>Most senders that have lines of their own: a whole fleet, in some hundred kilobytes. What more come share one.</summary>
    public const int MostSenders = 1_000;

    /// <summary>For faults that are no sender's, such as a full disk.</summary>
    public const string Anybody = "";

    private readonly Lock access = new();
    private readonly Dictionary<(string Sender, string Kind), (long Written, int LeftOut)> lines = [];

    /// <summary>A sender that has not shown who it is: it can make up ids, but not its address.</summary>
    public static string SenderAt(IPAddress? address) => RequestSource.NetworkOf(address).ToString();

    /// <summary>Counts a refusal, and takes it as <see cref="Take"/> does: those of a door with the same status are alike.</summary>
    public string? Count(string door, int status, string sender, string detail)
    {
        metrics.CountRefusal(door, status);
        return Take(sender, string.Create(CultureInfo.InvariantCulture, $"{door} {status}"), detail);
    }

    /// <summary>Takes the next of what may get a line. This alone is for what the metrics count elsewhere or not at all.</summary>
    /// <param name="sender">The device once it has shown who it is, else <see cref="SenderAt"/>.</param>
    /// <param name="kind">What is alike.</param>
    /// <param name="detail">What is wrong.</param>
    /// <returns>The detail, with the number of those left out before; null when this one is left out too.</returns>
    public string? Take(string sender, string kind, string detail)
    {
        int leftOut;
        lock (access)
        {
            long now = time.GetTimestamp();
            (string, string) key = FindPlace((sender, kind), now);
            bool isKnown = lines.TryGetValue(key, out (long Written, int LeftOut) line);
            if (isKnown && time.GetElapsedTime(line.Written, now) < Apart)
            {
                lines[key] = (line.Written, line.LeftOut + 1);
                return null;
            }

            lines[key] = (now, 0);
            leftOut = line.LeftOut;
        }

        return leftOut == 0 ? detail : string.Create(CultureInfo.InvariantCulture, $"{detail} ({leftOut} more like it left out before)");
    }

    private (string Sender, string Kind) FindPlace((string Sender, string Kind) key, long now)
    {
        if (lines.Count >= MostSenders && !lines.ContainsKey(key))
        {
            foreach (((string, string) old, (long written, _)) in lines)
            {
                if (time.GetElapsedTime(written, now) >= Apart)
                {
                    lines.Remove(old);
                }
            }

            return lines.Count < MostSenders ? key : (Anybody, key.Kind);
        }

        return key;
    }
}
