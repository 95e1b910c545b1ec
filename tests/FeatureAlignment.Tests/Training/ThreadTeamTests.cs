using System;
using System.Linq;
using FeatureAlignment.Training;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Training;

[TestFixture]
public sealed class ThreadTeamTests
{
    // More threads than any build machine has processors: they wait for one another spinning and asleep.
    private const int Threads = 24;

    [Test]
    public void Run_ManyTimesWithMoreThreadsThanProcessors_DoesEachPartOnceBeforeItReturns()
    {
        const int Runs = 500;
        using var team = new ThreadTeam(Threads);
        int[] done = new int[Threads];
        Action<int> work = workerIndex => done[workerIndex]++;
        for (int run = 1; run <= Runs; run++)
        {
            int workers = 1 + (run % Threads);
            Array.Clear(done);
            team.Run(work, workers);
            Assert.That(done.Take(workers), Is.All.EqualTo(1), $"run {run}");
            Assert.That(done.Skip(workers), Is.All.Zero, $"run {run}");
        }
    }

    [Test]
    public void Run_PartFails_ThrowsWhenAllHaveEndedAndWorksOn()
    {
        using var team = new ThreadTeam(3);
        int[] done = new int[3];
        Action<int> failing = workerIndex =>
        {
            done[workerIndex]++;
            if (workerIndex == 2)
            {
                throw new InvalidOperationException("part 2");
            }
        };

        Assert.That(() => team.Run(failing, 3), Throws.InvalidOperationException.With.Message.EqualTo("part 2"));
        Assert.That(done, Is.All.EqualTo(1));
        team.Run(workerIndex => done[workerIndex]++, 3);
        Assert.That(done, Is.All.EqualTo(2));
    }

    [Test]
    public void Run_MoreWorkersThanThreads_Throws()
    {
        using var team = new ThreadTeam(2);
        Assert.That(() => team.Run(_ => { }, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
