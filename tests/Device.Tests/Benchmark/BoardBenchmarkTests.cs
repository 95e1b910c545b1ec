using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using FeatureAlignment.Device.Benchmark;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Kernels;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Benchmark;

public sealed class BoardBenchmarkTests
{
    private static readonly TimeSpan PartDuration = TimeSpan.FromMilliseconds(20);

    [Test]
    public void Rates_WorkOfKnownDuration_AreExact()
    {
        ManualClock clock = new();
        TimedPart products = new(BenchmarkKind.CachedProduct, clock, TimeSpan.FromMilliseconds(2), countPerUnit: 1000);
        TimedPart training = new(BenchmarkKind.TrainingSample, clock, TimeSpan.FromMilliseconds(8), countPerUnit: 1);
        using BoardBenchmark benchmark = new([products, training], clock, TimeSpan.FromSeconds(1));

        // What happens between slices takes time as well, and does not count.
        Run(benchmark, () => clock.Now += TimeSpan.FromMilliseconds(333));

        Assert.Multiple(() =>
        {
            Assert.That(benchmark.Result.CachedMultiplyAddsPerSecond, Is.EqualTo(500_000));
            Assert.That(benchmark.Result.TrainingSamplesPerSecond, Is.EqualTo(125));
            Assert.That(benchmark.Result.TrainingSampleMilliseconds, Is.EqualTo(8));
            Assert.That((products.IsOpen, training.IsOpen), Is.EqualTo((false, false)));
        });
    }

    [Test]
    public void Files_StorageOfAMegabyteASecond_IsMeasuredCountedAndLeftEmpty()
    {
        ManualClock clock = new();
        SlowStorage storage = new(clock, ticksPerByte: 10);
        using BoardBenchmark benchmark = Create(storage, clock, memoryBudgetBytes: 0);

        Run(benchmark);

        Assert.Multiple(() =>
        {
            Assert.That(benchmark.Result.WriteBytesPerSecond, Is.EqualTo(1e6));
            Assert.That(benchmark.Result.ReadBytesPerSecond, Is.EqualTo(1e6));
            Assert.That(benchmark.Result.WrittenBytes, Is.EqualTo(storage.WrittenBytes).And.InRange(1, BoardBenchmark.FileBytes));
            Assert.That(storage.ListNames(), Is.Empty);
        });
    }

    [Test]
    public void Step_ClockStandsStill_EndsAndSaysNotMeasurable()
    {
        using BoardBenchmark benchmark = Create(new SlowStorage(new ManualClock(), 0), new ManualClock(), long.MaxValue);

        Run(benchmark);

        Assert.That(benchmark.Result with { WrittenBytes = 0 }, Is.EqualTo(new BenchmarkResult()));
        Assert.That(benchmark.Result.ToString(), Is.EqualTo(
            "multiply-adds not measurable cached, not measurable streamed; training not measurable; file write not measurable, "
            + "read not measurable"));
    }

    [Test]
    public void Step_ClockMoves_EveryPartIsMeasured()
    {
        ManualClock clock = new() { TicksPerRead = TimeSpan.TicksPerMillisecond };
        using BoardBenchmark benchmark = Create(new SlowStorage(clock, 1), clock, long.MaxValue);

        Run(benchmark);

        BenchmarkResult result = benchmark.Result;
        Assert.That(
            new[]
            {
                result.CachedMultiplyAddsPerSecond, result.StreamedMultiplyAddsPerSecond, result.TrainingSamplesPerSecond,
                result.WriteBytesPerSecond, result.ReadBytesPerSecond,
            },
            Is.All.GreaterThan(0));
    }

    [Test]
    public void Step_NetworkOverTheBudget_IsNotMeasuredTheRestIs()
    {
        ManualClock clock = new() { TicksPerRead = TimeSpan.TicksPerMillisecond };
        using BoardBenchmark benchmark = Create(new SlowStorage(clock, 1), clock, memoryBudgetBytes: 100_000);

        Run(benchmark);

        Assert.That(
            (benchmark.Result.TrainingSamplesPerSecond, benchmark.Result.ReadBytesPerSecond > 0), Is.EqualTo(((double?)null, true)));
    }

    [Test]
    public void Step_StorageFails_FilesAreNotMeasurableTheRestIs()
    {
        ManualClock clock = new() { TicksPerRead = TimeSpan.TicksPerMillisecond };
        SlowStorage storage = new(clock, 1) { Fails = true };
        using BoardBenchmark benchmark = Create(storage, clock, memoryBudgetBytes: 0);

        Run(benchmark);

        BenchmarkResult result = benchmark.Result;
        Assert.That(
            (result.CachedMultiplyAddsPerSecond > 0, result.WriteBytesPerSecond, result.ReadBytesPerSecond),
            Is.EqualTo((true, (double?)null, (double?)null)));
    }

    [Test]
    public void Step_FileLeftByAPowerCut_IsReplaced()
    {
        ManualClock clock = new();
        SlowStorage storage = new(clock, ticksPerByte: 10);
        storage.Create(BoardBenchmark.FileName).Dispose();
        using BoardBenchmark benchmark = Create(storage, clock, memoryBudgetBytes: 0);

        Run(benchmark);

        Assert.That((benchmark.Result.WriteBytesPerSecond, storage.ListNames().Count), Is.EqualTo((1e6, 0)));
    }

    [Test]
    public void Dispose_InTheMiddleOfWriting_DeletesTheFile()
    {
        ManualClock clock = new();
        SlowStorage storage = new(clock, ticksPerByte: 10);
        BoardBenchmark benchmark = Create(storage, clock, memoryBudgetBytes: 0);
        while (storage.WrittenBytes == 0)
        {
            benchmark.Step();
        }

        benchmark.Dispose();

        Assert.That((benchmark.IsFinished, storage.ListNames().Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Step_WithinAPart_AllocatesNothing()
    {
        ManualClock clock = new() { TicksPerRead = TimeSpan.TicksPerMillisecond };
        using BoardBenchmark benchmark = Create(new SlowStorage(clock, 1), clock, long.MaxValue);
        const int Parts = 5;
        int slices = 0, allocating = 0;
        while (!benchmark.IsFinished)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            benchmark.Step();
            allocating += GC.GetAllocatedBytesForCurrentThread() > before ? 1 : 0;
            slices++;
        }

        Assert.That(slices, Is.GreaterThan(4 * Parts));
        Assert.That(allocating, Is.AtMost(2 * Parts), "the first slice of a part opens it, the last one notes the result");
    }

    [TestCase(0)]
    [TestCase(2.001)]
    public void Create_DurationOutOfRange_Throws(double seconds)
    {
        Assert.That(
            () => new BoardBenchmark([], new ManualClock(), TimeSpan.FromSeconds(seconds)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static BoardBenchmark Create(SlowStorage storage, ManualClock clock, long memoryBudgetBytes) =>
        new(BoardBenchmark.StandardTraining, inputs: 784, classes: 10, memoryBudgetBytes, KernelSet.Scalar, storage, clock, PartDuration);

    private static void Run(BoardBenchmark benchmark, Action? between = null)
    {
        for (int i = 0; !benchmark.IsFinished; i++)
        {
            Assert.That(i, Is.LessThan(10_000), "slices");
            benchmark.Step();
            between?.Invoke();
        }
    }

    private sealed class ManualClock : IDeviceClock
    {
        public TimeSpan Now { get; set; }

        /// <summary>How far each look at it moves it.</summary>
        public long TicksPerRead { get; init; }

        public long UnixMilliseconds => 0;

        public TimeSpan Uptime
        {
            get
            {
                Now += TimeSpan.FromTicks(TicksPerRead);
                return Now;
            }
        }

        public void Wait(TimeSpan duration, CancellationToken stopping) => Now += duration;
    }

    private sealed class TimedPart(BenchmarkKind kind, ManualClock clock, TimeSpan perUnit, double countPerUnit) : IBenchmarkPart
    {
        public BenchmarkKind Kind => kind;

        public double CountPerUnit => countPerUnit;

        public long MostUnits => long.MaxValue;

        public bool IsOpen { get; private set; }

        public void Open()
        {
            IsOpen = true;
            clock.Now += TimeSpan.FromSeconds(5);
        }

        public void Run(int units) => clock.Now += perUnit * units;

        public void Dispose() => IsOpen = false;
    }

    /// <summary>Files in memory; every byte that is written or read takes its time.</summary>
    private sealed class SlowStorage(ManualClock clock, long ticksPerByte) : IDeviceStorage
    {
        private readonly Dictionary<string, byte[]> files = [];

        public bool Fails { get; init; }

        public long WrittenBytes { get; private set; }

        public long FreeBytes => -1;

        public IReadOnlyList<string> ListNames() => [.. files.Keys];

        public Stream OpenRead(string name) =>
            files.TryGetValue(name, out byte[]? file)
                ? new SlowStream(this, file, (int)WrittenBytes)
                : throw new FileNotFoundException(name);

        public Stream Create(string name)
        {
            if (Fails || files.ContainsKey(name))
            {
                throw new IOException(Fails ? "The medium must work; it does not." : $"A new file's name must not be in use; {name} is.");
            }

            files[name] = new byte[BoardBenchmark.FileBytes];
            return new SlowStream(this, files[name], length: 0);
        }

        public Stream OpenScratch(string name, long length) => throw new NotSupportedException();

        public void Flush(Stream file) => file.Flush();

        public void Rename(string name, string newName) => throw new NotSupportedException();

        public void Delete(string name) => files.Remove(name);

        private void Pass(int bytes) => clock.Now += TimeSpan.FromTicks(bytes * ticksPerByte);

        private sealed class SlowStream : MemoryStream
        {
            private readonly SlowStorage storage;

            public SlowStream(SlowStorage storage, byte[] file, int length)
                : base(file)
            {
                this.storage = storage;
                SetLength(length);
            }

            public override int Read(byte[] buffer, int offset, int count)
            {
                int read = base.Read(buffer, offset, count);
                storage.Pass(read);
                return read;
            }

            public override void Write(byte[] buffer, int offset, int count)
            {
                base.Write(buffer, offset, count);
                storage.WrittenBytes += count;
                storage.Pass(count);
            }
        }
    }
}
