using System;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Training;

/// <summary>
/// Decides when a layer has learned enough of a stream that has no end: after a number of samples, or when its loss has stopped falling.
/// </summary>
/// <remarks>
/// The loss of single samples jumps, so means over a thousand are compared; the first of them starts from nothing and is not used.
/// </remarks>
public sealed class LayerFinishRule : ICheckpointPart
{
    /// <summary>Samples whose mean loss is compared with the best so far.</summary>
    public const int PeriodSamples = 1_000;

    private readonly long mostSamples;
    private readonly float leastImprovement;
    private long samples;
    private double sum;
    private int inPeriod;
    private double best = double.PositiveInfinity;

    /// <summary>Creates the rule.</summary>
    /// <param name="mostSamples">Samples after which the layer is finished; 0 for no such end.</param>
    /// <param name="leastImprovement">Share, from 0 to 1, by which a period's loss must be below the best one's; 0 for no such end.</param>
    public LayerFinishRule(long mostSamples, float leastImprovement)
    {
        this.mostSamples = mostSamples;
        this.leastImprovement = leastImprovement;
    }

    /// <inheritdoc/>
    public string Name => "finish-rule";

    /// <inheritdoc/>
    public string Kind => "finish";

    /// <summary>Takes the loss of a step into account.</summary>
    /// <param name="count">Samples of the step.</param>
    /// <param name="loss">Their mean loss.</param>
    /// <returns>True when the layer is finished; the rule then starts anew for the next one.</returns>
    public bool IsFinishedAfter(int count, double loss)
    {
        samples += count;
        sum += count * loss;
        inPeriod += count;
        bool isFinished = mostSamples > 0 && samples >= mostSamples;
        if (inPeriod >= PeriodSamples)
        {
            double mean = sum / inPeriod;
            isFinished |= leastImprovement > 0 && mean > best * (1 - leastImprovement);

            // The samples of the first period were met by random weights: whatever comes after is better.
            best = samples > PeriodSamples ? Math.Min(best, mean) : best;
            sum = 0;
            inPeriod = 0;
        }

        if (isFinished)
        {
            Reset();
        }

        return isFinished;
    }

    /// <inheritdoc/>
    public void Write(CheckpointWriter writer)
    {
        ArgumentChecks.NotNull(writer, nameof(writer));
        writer.Write("samples", samples);
        writer.Write("sum", BitConverter.DoubleToInt64Bits(sum));
        writer.Write("in-period", inPeriod);
        writer.Write("best", BitConverter.DoubleToInt64Bits(best));
    }

    /// <inheritdoc/>
    public void Read(CheckpointReader reader)
    {
        ArgumentChecks.NotNull(reader, nameof(reader));
        samples = reader.ReadLong("samples");
        sum = BitConverter.Int64BitsToDouble(reader.ReadLong("sum"));
        inPeriod = reader.ReadInt("in-period");
        best = BitConverter.Int64BitsToDouble(reader.ReadLong("best"));
    }

    private void Reset()
    {
        samples = 0;
        sum = 0;
        inPeriod = 0;
        best = double.PositiveInfinity;
    }
}
