using System;
using System.Threading;

namespace FeatureAlignment.Training;

/// <summary>
/// A fixed set of threads that do one piece of work together and meet at its end. The caller is one of them. Starting work allocates
/// nothing; with one thread it is a plain call.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    private readonly Thread[] helpers;
    private readonly SemaphoreSlim[] wakeUps;
    private readonly SemaphoreSlim finished = new(0);
    private readonly Exception?[] failures;
    private Action<int>? work;
    private SpinLimit callerSpins = SpinLimit.Start;
    private int running;
    private int callerSleeps;
    private bool stopped;

    /// <summary>Starts the threads.</summary>
    /// <param name="threadCount">From 1 to 256, the caller included.</param>
    public ThreadTeam(int threadCount)
    {
        ArgumentChecks.InRange(threadCount, 1, 256, "Number of threads");
        Count = threadCount;
        helpers = new Thread[threadCount - 1];
        wakeUps = new SemaphoreSlim[threadCount - 1];
        failures = new Exception?[threadCount];
        for (int i = 0; i < helpers.Length; i++)
        {
            int workerIndex = i + 1;
            wakeUps[i] = new SemaphoreSlim(0);
            helpers[i] = new Thread(() => Help(workerIndex)) { IsBackground = true, Name = $"Training {workerIndex}" };
            helpers[i].Start();
        }
    }

    /// <summary>Number of threads, the caller included.</summary>
    public int Count { get; }

    /// <summary>Runs <paramref name="action"/> for each worker index from 0 to <paramref name="workers"/> − 1 and waits for all.</summary>
    /// <param name="action">Cached by the caller, so that nothing is allocated.</param>
    /// <param name="workers">From 1 to <see cref="Count"/>.</param>
    public void Run(Action<int> action, int workers)
    {
        ArgumentChecks.InRange(workers, 1, Count, "Number of workers");
        if (workers == 1)
        {
            action(0);
            return;
        }

        work = action;
        Volatile.Write(ref running, workers - 1);
        for (int i = 0; i < workers - 1; i++)
        {
            wakeUps[i].Release();
        }

        Work(0);
        WaitForHelpers();

        // The work holds its buffers: kept, the layer that has finished learning would still be in memory beside the next one.
        work = null;
        RethrowFirstFailure();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (stopped)
        {
            return;
        }

        Volatile.Write(ref stopped, true);
        foreach (SemaphoreSlim wakeUp in wakeUps)
        {
            wakeUp.Release();
        }

        foreach (Thread helper in helpers)
        {
            helper.Join();
        }

        foreach (SemaphoreSlim wakeUp in wakeUps)
        {
            wakeUp.Dispose();
        }

        finished.Dispose();
    }

    private void WaitForHelpers()
    {
        int limit = callerSpins.Next();
        int spins = 0;
        for (; spins < limit && Volatile.Read(ref running) > 0; spins++)
        {
            Thread.SpinWait(SpinLimit.Turn);
        }

        callerSpins.Note(spins < limit);
        while (Volatile.Read(ref running) > 0)
        {
            // Either the last helper sees the mark and releases, or it had finished before and the mark is taken back. A helper that
            // finished the work before this may release late: then there is still something running, and the wait begins anew.
            Interlocked.Exchange(ref callerSleeps, 1);
            if (Volatile.Read(ref running) > 0 || Interlocked.Exchange(ref callerSleeps, 0) == 0)
            {
                finished.Wait();
            }
        }
    }

    private void Help(int workerIndex)
    {
        SemaphoreSlim wakeUp = wakeUps[workerIndex - 1];
        SpinLimit mySpins = SpinLimit.Start;
        while (true)
        {
            int limit = mySpins.Next();
            int spins = 0;
            for (; spins < limit && wakeUp.CurrentCount == 0; spins++)
            {
                Thread.SpinWait(SpinLimit.Turn);
            }

            mySpins.Note(spins < limit);
            wakeUp.Wait();
            if (Volatile.Read(ref stopped))
            {
                return;
            }

            Work(workerIndex);
            if (Interlocked.Decrement(ref running) == 0 && Interlocked.Exchange(ref callerSleeps, 0) == 1)
            {
                finished.Release();
            }
        }
    }

    private void Work(int workerIndex)
    {
        try
        {
            work!(workerIndex);
        }
        catch (Exception failure)
        {
            // Rethrown by the caller once all have met; a thread that dies alone would end the process.
            failures[workerIndex] = failure;
        }
    }

    private void RethrowFirstFailure()
    {
        for (int i = 0; i < failures.Length; i++)
        {
            if (failures[i] is { } failure)
            {
                Array.Clear(failures, 0, failures.Length);
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure).Throw();
            }
        }
    }

    /// <summary>
    /// How long a thread spins before it sleeps. A step's two halves last well under a millisecond, so on idle processors a thread that
    /// goes to sleep in between would wake too late; where there is more to do than processors, spinning keeps the others from it. So a
    /// wait that spun in vain halves the next one's limit and one that did not doubles it; now and then one spins in full, to see whether
    /// it pays again.
    /// </summary>
    private struct SpinLimit
    {
        /// <summary>Of <see cref="Thread.SpinWait"/>.</summary>
        public const int Turn = 10;

        private const int Most = 2_000;
        private const int Least = 16;
        private const int FullSpinInterval = 64;

        private int limit;
        private int waits;

        public static SpinLimit Start => new() { limit = Most };

        public int Next() => ++waits % FullSpinInterval == 0 ? Most : limit;

        public void Note(bool paid) => limit = paid ? Math.Min(Most, 2 * limit) : Math.Max(Least, limit / 2);
    }
}
