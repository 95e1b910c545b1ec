namespace FeatureAlignment.Simulation.Sensors;

/// <summary>What is asked of the machine: pieces of 10 to 60 minutes, each at one level or off, busier by day than by night,
/// and never off for two pieces in a row.</summary>
internal sealed class LoadCycle
{
    private const ulong LoadStream = 0x6C6F_6164UL << 32;

    private readonly ulong seed;
    private readonly RandomSource random;
    private uint piece;
    private double endSeconds;
    private double level;

    public LoadCycle(ulong seed)
    {
        this.seed = seed;
        random = new RandomSource(seed);
    }

    /// <summary>Forgets where it was: the next question may be for any time.</summary>
    public void Rewind()
    {
        piece = 0;
        endSeconds = 0;
        level = 0;
    }

    /// <summary>The level, 0 or from 0.45 to 1.</summary>
    /// <param name="seconds">Machine time, not before that of the last question.</param>
    public double At(double seconds)
    {
        while (seconds >= endSeconds)
        {
            random.Reseed(seed, LoadStream + piece++);
            double hour = endSeconds / 3600 % 24;
            float shareOff = hour is >= 6 and < 22 ? 0.15f : 0.6f;
            bool wasOff = level == 0;
            bool isOff = random.NextSingle() < shareOff && !wasOff;
            level = isOff ? 0 : 0.45 + (0.55 * random.NextSingle());
            endSeconds += 600 + (3000 * random.NextSingle());
        }

        return level;
    }
}
