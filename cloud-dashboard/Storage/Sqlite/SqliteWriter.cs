using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Data.Sqlite;

namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>
/// The one thread that writes. It takes what waits, does it in one transaction and answers everybody after the commit: a wait for the disk
/// is shared by all who came during the one before.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int QueueCapacity = 4096;
    private const int GroupCapacity = 512;
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1), FullRetry = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<Work> queue = new(QueueCapacity);
    private readonly WriteSession session;
    private readonly Action<TimeSpan> timed;
    private readonly Thread thread;
    private volatile Exception? fault;

    /// <summary>Starts the thread.</summary>
    /// <param name="session">What it works with.</param>
    /// <param name="timed">Told of each commit how long it took.</param>
    public SqliteWriter(WriteSession session, Action<TimeSpan> timed)
    {
        this.session = session;
        this.timed = timed;
        thread = new Thread(Loop) { IsBackground = true, Name = "database writer" };
        thread.Start();
    }

    /// <summary>Why the last commit failed; null when it did not.</summary>
    public Exception? Fault => fault;

    /// <summary>Writes that wait.</summary>
    public int Waiting => queue.Count;

    /// <summary>Does something on the writing thread; the task ends after the commit.</summary>
    /// <param name="work">Reads and writes; may be done again after a rollback.</param>
    /// <param name="committed">What to do after the commit, still on the writing thread.</param>
    /// <exception cref="StoreUnavailableException">In the task: the queue or the disk is full, or the store is stopping.</exception>
    public Task<T> RunAsync<T>(Func<WriteSession, T> work, Action<WriteSession, T>? committed = null)
    {
        var item = new Work<T>(work, committed);
        try
        {
            return queue.TryAdd(item)
                ? item.Task
                : Task.FromException<T>(
                    new StoreUnavailableException($"The database has {QueueCapacity} writes before this one.", BusyRetry));
        }
        catch (InvalidOperationException)
        {
            return Task.FromException<T>(new StoreUnavailableException("The dashboard is stopping.", BusyRetry));
        }
    }

    /// <summary>Finishes what waits, then stores the tails.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        thread.Join();
        queue.Dispose();
    }

    private void Loop()
    {
        var group = new List<Work>(GroupCapacity);
        while (!queue.IsCompleted)
        {
            if (queue.TryTake(out Work? first, session.UntilFlush()))
            {
                group.Add(first);
                while (group.Count < GroupCapacity && queue.TryTake(out Work? next))
                {
                    group.Add(next);
                }

                Commit(group);
                group.Clear();
            }

            Guard(session.FlushIfDue);
        }

        Guard(session.Flush);
    }

    private void Commit(List<Work> group)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            session.Transact(() => group.ForEach(work => work.Do(session)));
            timed(Stopwatch.GetElapsedTime(start));
            fault = null;
        }
        catch (Exception e) when (!IsStorageFault(e) && group.Count > 1)
        {
            // One of them can't be done: the others must not suffer for it.
            foreach (Work work in group)
            {
                Commit([work]);
            }

            return;
        }
        catch (Exception e)
        {
            bool isStorageFault = IsStorageFault(e);
            Exception told = isStorageFault ? new StoreUnavailableException($"The database can't be written: {e.Message}", FullRetry, e)
                : e;
            fault = isStorageFault ? e : fault;
            group.ForEach(work => work.Fail(told));
            return;
        }

        group.ForEach(work => work.Complete(session));
    }

    // A broken constraint is the fault of one write; all else that SQLite reports (disk full, input or output error) befalls every write.
    private static bool IsStorageFault(Exception e) => e is SqliteException { SqliteErrorCode: not SQLitePCL.raw.SQLITE_CONSTRAINT };

    // What fails here is made again from the raw batches at the next start, or written at the next try.
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (SqliteException e)
        {
            fault = e;
        }
    }

    private abstract class Work
    {
        public abstract void Do(WriteSession session);

        public abstract void Complete(WriteSession session);

        public abstract void Fail(Exception exception);
    }

    private sealed class Work<T>(Func<WriteSession, T> work, Action<WriteSession, T>? committed) : Work
    {
        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;

        public Task<T> Task => completion.Task;

        public override void Do(WriteSession session) => result = work(session);

        public override void Complete(WriteSession session)
        {
            committed?.Invoke(session, result!);
            completion.SetResult(result!);
        }

        public override void Fail(Exception exception) => completion.SetException(exception);
    }
}
