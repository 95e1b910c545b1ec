using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace FeatureAlignment.Simulation.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>Power goes at the start and is back after half a minute.</summary>
    PowerCut,

    /// <summary>Writing to storage fails now and then; after a power cut a bit may have flipped.</summary>
    BadFlash,

    /// <summary>There is no network.</summary>
    NoNetwork,

    /// <summary>The clock is off by <see cref="Fault.Amount"/>.</summary>
    ClockJump,

    /// <summary>A sensor throws.</summary>
    SensorThrows,

    /// <summary>A sensor gives NaN.</summary>
    SensorNaN,

    /// <summary>A sensor gives the same value again and again.</summary>
    SensorStuck,
}

/// <summary>One thing that goes wrong for a while.</summary>
/// <param name="Kind">What.</param>
/// <param name="From">From this world time on.</param>
/// <param name="To">Until before this one.</param>
/// <param name="Sensor">Name of the sensor; empty for faults of other things.</param>
/// <param name="Amount">How far the clock is off.</param>
public sealed record Fault(FaultKind Kind, TimeSpan From, TimeSpan To, string Sensor = "", TimeSpan Amount = default);

/// <summary>Everything that goes wrong in a simulated life: known beforehand, so that a life can be repeated.</summary>
public sealed class FaultPlan
{
    private static readonly TimeSpan TimeWithoutPower = TimeSpan.FromSeconds(30);

    // A hundred years: more is a mistake, and a NaN is not less.
    private const double LongestSeconds = 100 * 365 * 86_400.0;

    // In the order of the kinds.
    private static readonly string[] Words =
        { "power-cut", "bad-flash", "no-network", "clock-jump", "sensor-throws", "sensor-nan", "sensor-stuck" };

    private readonly Fault[] faults;
    private readonly ILookup<FaultKind, Fault> byKind;

    /// <summary>A plan of given faults.</summary>
    public FaultPlan(IEnumerable<Fault> faults)
    {
        ArgumentChecks.NotNull(faults, nameof(faults));
        this.faults = faults.OrderBy(fault => fault.From).ToArray();
        byKind = this.faults.ToLookup(fault => fault.Kind);
    }

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new(Array.Empty<Fault>());

    /// <summary>Names of the ready-made plans.</summary>
    public static IReadOnlyList<string> Names { get; } =
        new[] { "none", "power-cuts", "bad-flash", "no-network", "clock-jump", "sensor-dead", "everything" };

    /// <summary>All faults in the order of their start.</summary>
    public IReadOnlyList<Fault> Faults => faults;

    /// <summary>A ready-made plan.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="seed">Of the times.</param>
    /// <param name="duration">How long the life is.</param>
    /// <param name="sensors">Names of the sensors that may fail.</param>
    /// <exception cref="ArgumentException">There is no such plan.</exception>
    public static FaultPlan Create(string name, ulong seed, TimeSpan duration, IReadOnlyList<string> sensors)
    {
        ArgumentChecks.NotNull(sensors, nameof(sensors));
        if (!Names.Contains(name))
        {
            throw new ArgumentException($"Faults must be one of {string.Join(", ", Names)}, or a file; was {name}.", nameof(name));
        }

        bool isAll = name == "everything";
        var plan = new List<Fault>();
        var random = new RandomSource(seed, 0x6661_756C_7473);
        if (isAll || name == "power-cuts")
        {
            Scatter(plan, random, duration, TimeSpan.FromHours(9), at => new Fault(FaultKind.PowerCut, at, at + TimeWithoutPower));
        }

        if (isAll || name == "bad-flash")
        {
            Scatter(plan, random, duration, TimeSpan.FromHours(30), at => new Fault(FaultKind.BadFlash, at, at + Minutes(random, 5, 60)));
        }

        if (isAll || name == "no-network")
        {
            Scatter(plan, random, duration, TimeSpan.FromHours(12), at => new Fault(FaultKind.NoNetwork, at, at + Minutes(random, 5, 300)));

            // One that fills every spool.
            plan.Add(new Fault(FaultKind.NoNetwork, 0.4 * duration, (0.4 * duration) + TimeSpan.FromDays(4)));
        }

        if (isAll || name == "clock-jump")
        {
            Scatter(plan, random, duration, TimeSpan.FromDays(4), at => new Fault(
                FaultKind.ClockJump, at, at + Minutes(random, 30, 1_500), Amount: Minutes(random, -3_000, 3_000)));
        }

        if ((isAll || name == "sensor-dead") && sensors.Count > 0)
        {
            Scatter(plan, random, duration, TimeSpan.FromDays(3), at => new Fault(
                FaultKind.SensorThrows + random.NextInt32(3), at, at + Minutes(random, 60, 900), sensors[random.NextInt32(sensors.Count)]));
        }

        return new FaultPlan(plan);
    }

    /// <summary>Reads a plan: a fault a line, <c>kind from to [sensor] [amount]</c>, times as <c>36h</c> or <c>2.5d</c>; # begins a
    /// comment.</summary>
    /// <exception cref="FormatException">A line is wrong; the message says which and what would be right.</exception>
    public static FaultPlan Parse(string text)
    {
        ArgumentChecks.NotNull(text, nameof(text));
        var plan = new List<Fault>();
        using var lines = new StringReader(text);
        for (int number = 1; lines.ReadLine() is { } line; number++)
        {
            string[] words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                plan.Add(ParseLine(words) ?? throw new FormatException(
                    $"Line {number} must be 'power-cut 36h', 'no-network 2d 3d', 'bad-flash 2d 3d', 'clock-jump 2d 3d 5h', "
                    + $"'sensor-throws 2d 3d temperature', 'sensor-nan …' or 'sensor-stuck …'; was '{line}'."));
            }
        }

        return new FaultPlan(plan);
    }

    /// <summary>The same plan for a life that has gone on for a while: what is over is left out.</summary>
    /// <param name="elapsed">How long it has.</param>
    public FaultPlan After(TimeSpan elapsed) => new(faults
        .Where(fault => fault.To > elapsed && (fault.Kind != FaultKind.PowerCut || fault.From > elapsed))
        .Select(fault => fault with { From = fault.From - elapsed, To = fault.To - elapsed }));

    /// <summary>When power goes next, after a time; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextPowerCut(TimeSpan after)
    {
        foreach (Fault fault in byKind[FaultKind.PowerCut])
        {
            if (fault.From > after)
            {
                return fault.From;
            }
        }

        return TimeSpan.MaxValue;
    }

    /// <summary>Whether something of a kind is wrong.</summary>
    public bool IsPresent(FaultKind kind, TimeSpan time) => Find(kind, time) is not null;

    /// <summary>What is wrong with a sensor; null when it is well.</summary>
    public FaultKind? FaultOf(string sensor, TimeSpan time)
    {
        for (FaultKind kind = FaultKind.SensorThrows; kind <= FaultKind.SensorStuck; kind++)
        {
            foreach (Fault fault in byKind[kind])
            {
                if (fault.From > time)
                {
                    break;
                }

                if (time < fault.To && fault.Sensor == sensor)
                {
                    return kind;
                }
            }
        }

        return null;
    }

    /// <summary>How far the clock is off.</summary>
    public TimeSpan ClockError(TimeSpan time) => Find(FaultKind.ClockJump, time)?.Amount ?? TimeSpan.Zero;

    /// <summary>Whether there was network, and so the time, at some moment since a start.</summary>
    public bool IsClockSet(TimeSpan start, TimeSpan now)
    {
        // Outages may overlap: the first moment without any.
        TimeSpan moment = start;
        while (moment <= now && Find(FaultKind.NoNetwork, moment) is { } outage)
        {
            moment = outage.To;
        }

        return moment <= now;
    }

    private Fault? Find(FaultKind kind, TimeSpan time)
    {
        foreach (Fault fault in byKind[kind])
        {
            if (fault.From > time)
            {
                break;
            }

            if (time < fault.To)
            {
                return fault;
            }
        }

        return null;
    }

    private static void Scatter(List<Fault> plan, RandomSource random, TimeSpan duration, TimeSpan mean, Func<TimeSpan, Fault> create)
    {
        for (TimeSpan at = Next(random, mean); at < duration; at += Next(random, mean))
        {
            plan.Add(create(at));
        }
    }

    private static TimeSpan Next(RandomSource random, TimeSpan mean) => (0.2 + (1.6 * random.NextSingle())) * mean;

    private static TimeSpan Minutes(RandomSource random, int from, int to) => TimeSpan.FromMinutes(from + random.NextInt32(to - from));

    private static Fault? ParseLine(string[] words)
    {
        int kind = Array.IndexOf(Words, words[0]);
        TimeSpan? from = words.Length > 1 ? Time(words[1]) : null, to = words.Length > 2 ? Time(words[2]) : null;
        switch ((FaultKind)kind)
        {
            case FaultKind.PowerCut when words.Length == 2 && from is { } at:
                return new Fault(FaultKind.PowerCut, at, at + TimeWithoutPower);
            case FaultKind.BadFlash or FaultKind.NoNetwork when words.Length == 3 && from < to:
                return new Fault((FaultKind)kind, from.Value, to.Value);
            case FaultKind.ClockJump when words.Length == 4 && from < to && Time(words[3]) is { } amount:
                return new Fault(FaultKind.ClockJump, from.Value, to.Value, Amount: amount);
            case FaultKind.SensorThrows or FaultKind.SensorNaN or FaultKind.SensorStuck when words.Length == 4 && from < to:
                return new Fault((FaultKind)kind, from.Value, to.Value, words[3]);
            default:
                return null;
        }
    }

    internal static TimeSpan? Time(string word)
    {
        double unit = word[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        return unit > 0
            && double.TryParse(word.AsSpan(0, word.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && Math.Abs(value * unit) <= LongestSeconds
            ? TimeSpan.FromSeconds(value * unit)
            : null;
    }
}
