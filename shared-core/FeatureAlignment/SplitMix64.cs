namespace FeatureAlignment;

/// <summary>
/// Spreads a few seed bits over many: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014),
/// with the constants of Vigna's public-domain splitmix64.c.
/// </summary>
internal static class SplitMix64
{
    /// <summary>Advances <paramref name="state"/> and returns the next of 2^64 distinct values.</summary>
    internal static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    /// <summary>A state for one of a seed's streams: distinct streams give distinct states; stream 0 gives the seed itself.</summary>
    internal static ulong StateOf(ulong seed, ulong stream) => seed + Mix(stream);

    // A bijection that maps 0 to 0.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
