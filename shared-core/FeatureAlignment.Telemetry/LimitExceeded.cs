namespace FeatureAlignment.Telemetry;

/// <summary>A limit that a batch exceeds.</summary>
public sealed record LimitExceeded
{
    internal LimitExceeded(string what, long limit, long found)
    {
        What = what;
        Limit = limit;
        Found = found;
    }

    /// <summary>What is limited, as <c>points</c> or <c>events[3].text length</c>.</summary>
    public string What { get; }

    /// <summary>The most that is allowed.</summary>
    public long Limit { get; }

    /// <summary>What was found.</summary>
    public long Found { get; }

    /// <summary>The sentence for the sender.</summary>
    public override string ToString() => $"{What} must be at most {Limit}; found {Found}.";
}
