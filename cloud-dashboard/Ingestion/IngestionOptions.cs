using System;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>How much the doors take; section <c>Ingestion</c> of the settings.</summary>
public sealed class IngestionOptions
{
    /// <summary>Batches a second of one device, in the long run.</summary>
    public int BatchesPerSecond { get; set; } = 200;

    /// <summary>Batches of one device at once, as after a time offline.</summary>
    public int BatchBurst { get; set; } = 400;

    /// <summary>Failed logins a minute of one address, in the long run.</summary>
    public int FailuresPerMinute { get; set; } = 20;

    /// <summary>Failed logins of one address at once. More get 429; right ones are always taken.</summary>
    public int FailureBurst { get; set; } = 20;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="InvalidOperationException">One is less than 1.</exception>
    public void Validate()
    {
        foreach ((string name, int value) in new[]
        {
            (nameof(BatchesPerSecond), BatchesPerSecond),
            (nameof(BatchBurst), BatchBurst),
            (nameof(FailuresPerMinute), FailuresPerMinute),
            (nameof(FailureBurst), FailureBurst),
        })
        {
            if (value < 1)
            {
                throw new InvalidOperationException($"Ingestion:{name} must be at least 1; was {value}. Change it in the settings.");
            }
        }
    }
}
