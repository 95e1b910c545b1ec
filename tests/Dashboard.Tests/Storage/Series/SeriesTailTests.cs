using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Dashboard.Storage.Series;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Storage.Series;

[TestFixture]
public sealed class SeriesTailTests
{
    private const int Seed = 20261122;

    [Test]
    public void Levels_OfRandomPoints_MatchPlainSums([Values(1, 15, 16, 255, 4_096, 70_001)] int count)
    {
        var random = new Random(Seed);
        List<SeriesEntry> points = [.. RandomPoints(random, count)];
        var source = new MemorySource(points);

        Assert.That(Entries(source, 0), Is.EqualTo(points), $"seed {Seed}");
        for (int level = 1; level < SeriesTail.Levels; level++)
        {
            Assert.That(Entries(source, level), Is.EqualTo(PlainLevel(points, 1 << (4 * level))), $"level {level}, seed {Seed}");
        }
    }

    [Test]
    public void Tail_StoredAndContinuedAnywhere_IsTheSame()
    {
        var random = new Random(Seed);
        List<SeriesEntry> points = [.. RandomPoints(random, 9_000)];
        var database = new ChunkTable();
        var tail = new SeriesTail(0, "alignment_loss");
        foreach (SeriesEntry point in points)
        {
            tail.Add(point.StepMin, point.TimeMin, point.Last);
            switch (random.Next(700))
            {
                case 0 or 1:
                    database.Store(tail);
                    break;
                case 2:
                    database.Store(tail);
                    tail = new SeriesTail(1, 0, "alignment_loss", tail.State(), database.LastChunks());
                    break;
            }
        }

        var whole = new MemorySource(points);
        var continued = new MemorySource(tail.Snapshot(), database);

        Assert.That(tail.Points, Is.EqualTo(points.Count));
        for (int level = 0; level < SeriesTail.Levels; level++)
        {
            Assert.That(Entries(continued, level), Is.EqualTo(Entries(whole, level)), $"level {level}, seed {Seed}");
        }

        Assert.That(database.Chunks.Where(chunk => chunk.Entries < SeriesChunk.Capacity), Is.SubsetOf(database.LastChunks()),
            "only the last of a level is not full");
    }

    [Test]
    public void Snapshot_WhileEntriesAreStored_ShowsWhatWasThere([Values(1, 200, 300, 1_000)] int stored, [Values(0, 1, 700)] int more)
    {
        var random = new Random(Seed);
        List<SeriesEntry> points = [.. RandomPoints(random, stored + 10 + more)];
        var database = new ChunkTable();
        var tail = new SeriesTail(0, "alignment_loss");
        Add(tail, points[..stored]);
        database.Store(tail);
        Add(tail, points[stored..(stored + 10)]);
        IReadOnlyList<LevelSnapshot> snapshot = tail.Snapshot();
        Add(tail, points[(stored + 10)..]);
        database.Store(tail);

        var shown = new MemorySource(snapshot, database);
        var then = new MemorySource(points[..(stored + 10)]);

        for (int level = 0; level < SeriesTail.Levels; level++)
        {
            Assert.That(Entries(shown, level), Is.EqualTo(Entries(then, level)), $"level {level}, seed {Seed}");
        }
    }

    // A thousand boards have tens of thousands of series, and their coarse chunks take years to fill.
    [Test]
    public void Tail_HoldsNoMoreThanWhatIsNotStored([Values(1, 100, 5_000)] int count)
    {
        var tail = new SeriesTail(0, "alignment_loss");
        Add(tail, [.. RandomPoints(new Random(Seed), count)]);

        tail.Stored();

        Assert.That(tail.Parts(), Is.Empty);
        Assert.That(tail.Snapshot().Sum(level => level.Chunks.Sum(chunk => chunk.Data.Length)),
            Is.AtMost((SeriesTail.Levels - 1) * EntryCodec.MaxEntryBytes), "the entries that still collect");
    }

    [Test]
    public void Chart_OfLevelZero_HasMinMaxLastOfEachBucket()
    {
        MemorySource source = new([Point(0, 5), Point(1, 9), Point(4, 1), Point(5, 3), Point(10, 7)]);

        ChartData chart = ChartReader.Read(source, new ChartRequest(1, null, "queue", ChartAxis.Step, 0, 10, buckets: 2));

        Assert.That(chart.Buckets, Is.EqualTo((ChartBucket[])[new(4, 1, 9, 1, 3, false), new(10, 3, 7, 7, 2, false)]));
        Assert.That(chart.RawPoints, Is.EqualTo(5));

        static SeriesEntry Point(long step, double value) => SeriesEntry.OfPoint(step, 1_000 + step, value);
    }

    [Test]
    public void Chart_OfManyPoints_NeverHidesASpike([Values(3, 77_777, 99_998)] int spike)
    {
        MemorySource source =
            new([.. Enumerable.Range(0, 100_000).Select(i => SeriesEntry.OfPoint(i, 1_000 + i, i == spike ? 50 : Math.Sin(i)))]);

        ChartData chart = ChartReader.Read(source, new ChartRequest(1, null, "queue", ChartAxis.Step, buckets: 100));

        Assert.That(chart.Buckets.Max(bucket => bucket.Max), Is.EqualTo(50));
        Assert.That(chart.Buckets, Has.Count.LessThanOrEqualTo(100));
        Assert.That(chart.Level, Is.EqualTo(2), "100000 / 256 = 391 entries are enough for 100 buckets, 25 are not");
        Assert.That(chart.RawPoints, Is.EqualTo(100_000));
    }

    [Test]
    public void Chart_AtEveryLevel_ShowsTheGap([Values(8, 20, 400)] int buckets)
    {
        long time = 1_000_000;
        MemorySource source =
            new([.. Enumerable.Range(0, 20_000).Select(i => SeriesEntry.OfPoint(i, time += i == 7_777 ? 3_600_000 : 1_000, i))]);

        ChartData chart = ChartReader.Read(source, new ChartRequest(1, null, "queue", ChartAxis.Time, buckets: buckets));

        Assert.That(chart.Buckets.Count(bucket => bucket.AfterGap), Is.EqualTo(1));
        Assert.That(chart.Buckets.Sum(bucket => bucket.Count), Is.EqualTo(20_000));
    }

    [Test]
    public void Chart_GapsNarrowerThanABucket_AreNotSeen()
    {
        long time = 1_000_000;
        MemorySource source =
            new([.. Enumerable.Range(0, 20_000).Select(i => SeriesEntry.OfPoint(i, time += i % 100 == 99 ? 15_000 : 1_000, i))]);

        ChartData whole = ChartReader.Read(source, new ChartRequest(1, null, "queue", ChartAxis.Time, buckets: 400));
        ChartData part = ChartReader.Read(source, new ChartRequest(1, null, "queue", ChartAxis.Time, 1_000_000, 1_400_000, buckets: 400));

        Assert.That(whole.Buckets, Has.None.Matches<ChartBucket>(bucket => bucket.AfterGap), "57 seconds a bucket");
        Assert.That(part.Buckets.Count(bucket => bucket.AfterGap), Is.EqualTo(3), "one second a bucket");
    }

    [Test]
    public void Chart_AfterAJumpOfTheClock_IsNotJoinedAcrossIt()
    {
        const long Now = 20_000_000;
        MemorySource source = new([.. Enumerable.Range(0, 400).Select(i =>
            SeriesEntry.OfPoint(i, Now + 1_000L * i + (i < 200 ? 18_000_000 : 0), i))]);

        ChartData chart = ChartReader.Read(source, new ChartRequest(1, null, "queue", ChartAxis.Time, buckets: 400));

        Assert.That(chart.Buckets.Single(bucket => bucket.AfterGap).X, Is.GreaterThanOrEqualTo(Now + 18_000_000));
    }

    [Test]
    public void Chart_StepsThatGoBack_ComeOutInOrder()
    {
        MemorySource source = new(
            [.. Enumerable.Range(0, 500).Concat(Enumerable.Range(300, 500)).Select((step, i) => SeriesEntry.OfPoint(step, 1_000 + i, i))]);

        ChartData chart = ChartReader.Read(source, new ChartRequest(1, null, "queue", ChartAxis.Step, buckets: 2_000));

        Assert.That(chart.Buckets.Select(bucket => bucket.X), Is.Ordered.Ascending);
        Assert.That(chart.Buckets.Single(bucket => bucket.X == 400), Is.EqualTo(new ChartBucket(400, 400, 600, 600, 2, false)),
            "the later of the two is the last");
    }

    [Test]
    public void Gaps_NeedARhythmAndTenSeconds()
    {
        bool[] gaps = [.. Gaps(0, 1, 2, 3, 4, 13, 14, 30, 31, 32)];

        Assert.That(gaps, Is.EqualTo((bool[])[false, false, false, false, false, false, false, true, false, false]));
    }

    [Test]
    public void Gaps_OfANewRhythm_AreSoonOver()
    {
        bool[] gaps = [.. Gaps([.. Enumerable.Range(0, 100).Select(i => (long)i), .. Enumerable.Range(0, 100).Select(i => 160L + 60 * i)])];

        Assert.That(gaps.Count(gap => gap), Is.InRange(1, 20));
        Assert.That(gaps[^50..], Has.None.True);
    }

    [Test]
    public void Codec_DamagedData_Throws()
    {
        var chunk = new SeriesChunk(0, 0, 0, 2, 2, 0, 0, 0, 0, new byte[] { 4, 0, 0, 1, 2, 3 });

        Assert.That(chunk.Read, Throws.InstanceOf<FormatException>());
        Assert.That(() => SeriesState.Read(new byte[10]), Throws.InstanceOf<FormatException>());
        Assert.That(() => SeriesState.Read(Enumerable.Repeat((byte)200, 60).ToArray()), Throws.InstanceOf<FormatException>());
    }

    private static IEnumerable<bool> Gaps(params long[] seconds)
    {
        GapDetector detector = default;
        foreach (long second in seconds)
        {
            detector = detector.Next(1_000_000 + 1_000 * second, out bool gap);
            yield return gap;
        }
    }

    // Floats and doubles, steps that jump and go back, now and then an hour without points.
    private static IEnumerable<SeriesEntry> RandomPoints(Random random, int count)
    {
        long step = 0, time = 1_795_348_800_000;
        GapDetector detector = default;
        for (int i = 0; i < count; i++)
        {
            step = Math.Max(0, step + random.Next(-3, 1_000));
            time += random.Next(1_000) == 0 ? 3_600_000 : random.Next(2_000);
            detector = detector.Next(time, out bool gap);
            yield return SeriesEntry.OfPoint(step, time, random.Next(2) == 0 ? random.NextSingle() : -1e200 * random.NextDouble(), gap);
        }
    }

    private static IEnumerable<SeriesEntry> PlainLevel(IEnumerable<SeriesEntry> points, int size)
    {
        var group = new List<SeriesEntry>();
        foreach (SeriesEntry point in points)
        {
            if (group.Count == size || (point.AfterGap && group.Count > 0))
            {
                yield return Sum(group);
                group.Clear();
            }

            group.Add(point);
        }

        yield return Sum(group);
    }

    private static SeriesEntry Sum(List<SeriesEntry> points) => new(
        points.Min(point => point.StepMin), points.Max(point => point.StepMax), points.Min(point => point.TimeMin),
            points.Max(point => point.TimeMax),
        points.Min(point => point.Min), points.Max(point => point.Max), points[^1].Last, points.Count, points[0].AfterGap);

    private static void Add(SeriesTail tail, IEnumerable<SeriesEntry> points)
    {
        foreach (SeriesEntry point in points)
        {
            tail.Add(point.StepMin, point.TimeMin, point.Last);
        }
    }

    private static List<SeriesEntry> Entries(IChunkSource source, int level) =>
        [.. source.ReadChunks(level, ChartRange.All).SelectMany(chunk => chunk.Read())];

    private sealed class MemorySource : IChunkSource
    {
        private readonly List<SeriesChunk> chunks;

        public MemorySource(IEnumerable<SeriesEntry> points)
        {
            var tail = new SeriesTail(null, "queue");
            Add(tail, points);
            chunks = [.. tail.Snapshot().SelectMany(level => level.Chunks)];
        }

        public MemorySource(IReadOnlyList<LevelSnapshot> snapshot, ChunkTable stored) => chunks =
        [
            .. stored.Chunks.Where(chunk => chunk.Index <= snapshot[chunk.Level].LastStoredIndex)
                .Select(chunk => snapshot[chunk.Level].Clip(chunk)),
            .. snapshot.SelectMany(level => level.Chunks),
        ];

        public long CountEntries(int level, ChartRange range) => ReadChunks(level, range).Sum(chunk => (long)chunk.Entries);

        public IEnumerable<SeriesChunk> ReadChunks(int level, ChartRange range) =>
            chunks.Where(chunk => chunk.Level == level && range.Touches(chunk));
    }

    // What a database does with parts: it puts them behind what it has.
    private sealed class ChunkTable
    {
        private readonly SortedDictionary<(int Level, int Index), SeriesChunk> chunks = [];

        public IEnumerable<SeriesChunk> Chunks => chunks.Values;

        public IReadOnlyCollection<SeriesChunk> LastChunks() => [.. Chunks.GroupBy(chunk => chunk.Level).Select(level => level.Last())];

        public void Store(SeriesTail tail)
        {
            foreach (SeriesChunk part in tail.Parts())
            {
                chunks[(part.Level, part.Index)] = chunks.TryGetValue((part.Level, part.Index), out SeriesChunk? before) ? before with
                {
                    Points = before.Points + part.Points,
                    Entries = before.Entries + part.Entries,
                    StepMin = Math.Min(before.StepMin, part.StepMin),
                    StepMax = Math.Max(before.StepMax, part.StepMax),
                    TimeMin = Math.Min(before.TimeMin, part.TimeMin),
                    TimeMax = Math.Max(before.TimeMax, part.TimeMax),
                    Data = (byte[])[.. before.Data.Span, .. part.Data.Span],
                } : part;
            }

            tail.Stored();
        }
    }
}
