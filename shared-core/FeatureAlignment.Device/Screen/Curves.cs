using System;

namespace FeatureAlignment.Device.Screen;

/// <summary>Points of a curve, oldest first.</summary>
public interface ICurve
{
    /// <summary>Points that fit.</summary>
    int Capacity { get; }

    /// <summary>Points that are there.</summary>
    int Count { get; }

    /// <summary>One point, always finite.</summary>
    /// <param name="pointIndex">0-based, below <see cref="Count"/>; 0 is the oldest.</param>
    float this[int pointIndex] { get; }
}

/// <summary>
/// The whole history of a figure in a fixed number of points: when they are full, neighbours are joined and every point stands for
/// twice as many values. The last point is the mean of what its share has so far.
/// </summary>
public sealed class HistoryCurve : ICurve
{
    private readonly float[] points;
    private int complete;
    private double sum;
    private long summed;

    /// <summary>Creates an empty curve; the only allocation.</summary>
    /// <param name="capacity">Points, even, 2 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is odd or below 2.</exception>
    public HistoryCurve(int capacity)
    {
        if (capacity < 2 || capacity % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), $"The points of a history must be even and 2 or more; were {capacity}.");
        }

        points = new float[capacity];
    }

    /// <inheritdoc/>
    public int Capacity => points.Length;

    /// <inheritdoc/>
    public int Count => summed > 0 ? complete + 1 : complete;

    /// <summary>Values that a complete point is the mean of: a power of 2.</summary>
    public long ValuesPerPoint { get; private set; } = 1;

    /// <inheritdoc/>
    public float this[int pointIndex]
    {
        get
        {
            ArgumentChecks.InRange(pointIndex, 0, Count - 1, nameof(pointIndex));
            return pointIndex < complete ? points[pointIndex] : (float)(sum / summed);
        }
    }

    /// <summary>Adds a value; one that is not finite is left out. Allocates nothing.</summary>
    public void Add(float value)
    {
        if (float.IsNaN(value) || float.IsInfinity(value))
        {
            return;
        }

        if (complete == points.Length)
        {
            JoinNeighbours();
        }

        sum += value;
        summed++;
        if (summed == ValuesPerPoint)
        {
            points[complete++] = (float)(sum / summed);
            sum = 0;
            summed = 0;
        }
    }

    /// <summary>Forgets everything: a new layer, a new run.</summary>
    public void Clear()
    {
        complete = 0;
        sum = 0;
        summed = 0;
        ValuesPerPoint = 1;
    }

    private void JoinNeighbours()
    {
        complete = points.Length / 2;
        for (int i = 0; i < complete; i++)
        {
            points[i] = (float)(((double)points[2 * i] + points[(2 * i) + 1]) / 2);
        }

        ValuesPerPoint *= 2;
    }
}

/// <summary>The newest values of a figure; the oldest one goes when there is no more room.</summary>
public sealed class RecentCurve : ICurve
{
    private readonly float[] values;
    private int first;

    /// <summary>Creates an empty curve; the only allocation.</summary>
    /// <param name="capacity">Values, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    public RecentCurve(int capacity)
    {
        ArgumentChecks.InRange(capacity, 1, int.MaxValue, nameof(capacity));
        values = new float[capacity];
    }

    /// <inheritdoc/>
    public int Capacity => values.Length;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public float this[int pointIndex]
    {
        get
        {
            ArgumentChecks.InRange(pointIndex, 0, Count - 1, nameof(pointIndex));
            return values[(first + pointIndex) % values.Length];
        }
    }

    /// <summary>Adds a value; one that is not finite is left out. Allocates nothing.</summary>
    public void Add(float value)
    {
        if (float.IsNaN(value) || float.IsInfinity(value))
        {
            return;
        }

        if (Count < values.Length)
        {
            values[Count++] = value;
        }
        else
        {
            values[first] = value;
            first = (first + 1) % values.Length;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Count = 0;
        first = 0;
    }
}
