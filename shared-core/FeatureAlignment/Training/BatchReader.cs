using System;
using FeatureAlignment.Datasets;
using FeatureAlignment.Kernels;

namespace FeatureAlignment.Training;

/// <summary>
/// Brings samples in the seeded order of an epoch, with and without dropped pixels. The order takes no memory: it is computed position by
/// position. Threads share the samples of a batch; each sample has its own random stream, so their number changes nothing.
/// </summary>
internal sealed class BatchReader
{
    // Keeps the streams of dropped pixels apart from those of weights and guesses.
    private const ulong DropSalt = 0x6472_6F70_0000_0000;

    private readonly ISampleSource samples;
    private readonly ThreadTeam team;
    private readonly ulong seed;
    private readonly float dropShare;
    private readonly float[] cleanData;
    private readonly float[] droppedData;
    private readonly RandomSource[] randoms;
    private readonly Action<int> readBand;
    private SampleOrder order;
    private int orderIndex = -1;
    private int firstPosition;
    private int count;
    private int workers;

    public BatchReader(ISampleSource samples, int capacity, float dropShare, ulong seed, ThreadTeam team)
    {
        this.samples = samples;
        this.team = team;
        this.seed = seed;
        this.dropShare = dropShare;
        cleanData = new float[capacity * samples.Inputs];
        droppedData = dropShare > 0 ? new float[capacity * samples.Inputs] : cleanData;
        Labels = new int[capacity];
        randoms = new RandomSource[team.Count];
        for (int i = 0; i < randoms.Length; i++)
        {
            randoms[i] = new RandomSource(seed);
        }

        readBand = ReadBand;
    }

    /// <summary>Labels of the samples that were read; −1 where there is none.</summary>
    public int[] Labels { get; }

    /// <summary>The samples as they are, [count x I].</summary>
    public Matrix Clean => new(cleanData, count, samples.Inputs);

    /// <summary>The samples as the first layer sees them, [count x I].</summary>
    public Matrix Dropped => new(droppedData, count, samples.Inputs);

    public static MemoryUse Plan(int inputs, int capacity, float dropShare) => new()
    {
        Activations = (long)capacity * ((sizeof(float) * inputs * (dropShare > 0 ? 2 : 1)) + sizeof(int)),
    };

    /// <summary>Reads samples [position, position + count) of an epoch's order.</summary>
    /// <param name="epochKey">0-based epoch, counted on through the layers, so that no two passes have the same order.</param>
    /// <param name="position">First position in the order.</param>
    /// <param name="sampleCount">Number of samples, up to the capacity.</param>
    public void Read(int epochKey, int position, int sampleCount)
    {
        if (epochKey != orderIndex)
        {
            order = new SampleOrder(seed, epochKey, samples.Count);
            orderIndex = epochKey;
        }

        firstPosition = position;
        count = sampleCount;
        workers = WorkShare.ThreadsFor(count, team.Count);
        team.Run(readBand, workers);
    }

    private void ReadBand(int workerIndex)
    {
        (int first, int share) = WorkShare.Of(count, workerIndex, workers);
        for (int i = first; i < first + share; i++)
        {
            Span<float> clean = Clean.Row(i);
            Labels[i] = samples.Read(order[firstPosition + i], clean);
            if (dropShare > 0)
            {
                randoms[workerIndex].Reseed(seed ^ DropSalt, Trainer.SampleStream(orderIndex, firstPosition + i));
                Drop(clean, Dropped.Row(i), randoms[workerIndex]);
            }
        }
    }

    private void Drop(ReadOnlySpan<float> clean, Span<float> dropped, RandomSource random)
    {
        // Two pixels a draw, each with 16 bits: shares are met to 1 / 65,536.
        uint threshold = (uint)(int)(dropShare * 65_536);
        float scale = 1 / (1 - dropShare);
        uint bits = 0;
        for (int i = 0; i < clean.Length; i++)
        {
            bits = (i & 1) == 0 ? random.NextUInt32() : bits >> 16;
            dropped[i] = (bits & 0xFFFF) < threshold ? 0 : scale * clean[i];
        }
    }
}
