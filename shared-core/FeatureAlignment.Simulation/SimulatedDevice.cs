using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Device;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Simulation.Board;
using FeatureAlignment.Simulation.Faults;
using FeatureAlignment.Simulation.Storage;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.Simulation;

/// <summary>
/// The life of one simulated device: the real application on a simulated board, started anew after every power cut and restart, in
/// a time of its own that goes as fast as the machine can.
/// </summary>
public sealed class SimulatedDevice : IDisposable
{
    private static readonly TimeSpan TimeWithoutPower = TimeSpan.FromSeconds(30);

    private readonly RandomSource random;
    private readonly ILogger? logger;

    /// <summary>Prepares a life; nothing runs yet.</summary>
    /// <param name="options">What is simulated.</param>
    /// <param name="logger">Where the application's log goes; null for nowhere.</param>
    public SimulatedDevice(SimulatedDeviceOptions options, ILogger? logger = null)
    {
        ArgumentChecks.NotNull(options, nameof(options));
        Options = options;
        this.logger = logger;
        random = new RandomSource(options.Seed, 0x626F_6172_64);
        Faults = options.Faults;
        World = new SimulatedWorld(options.StartMilliseconds, options.Duration, Faults, options.Pace);
        Flash = NewMedium(options.Model.Flash, options.FlashMedium);
        Card = options.Model.Card is { } card ? NewMedium(card, options.CardMedium) : null;
        Network = new SimulatedUplink(World, Faults, options.Seed, options.IsNetworkUnreliable);
        Memory = new MemoryMeter(this, options.MemoryCeilingBytes);
    }

    /// <summary>What is simulated.</summary>
    public SimulatedDeviceOptions Options { get; }

    /// <summary>Time as it really is.</summary>
    public SimulatedWorld World { get; }

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; }

    /// <summary>The flash; a test may cut its power at any operation.</summary>
    public SimulatedFlash Flash { get; }

    /// <summary>The card; null where the board has none.</summary>
    public SimulatedFlash? Card { get; }

    /// <summary>The network and who listens at its other end; idle when the options bring an uplink of their own.</summary>
    public SimulatedUplink Network { get; }

    /// <summary>Buttons that will be found pressed.</summary>
    public Queue<DeviceButton> Buttons { get; } = new();

    /// <summary>What the light shows.</summary>
    public IndicatorState Light { get; internal set; }

    /// <summary>Starts so far.</summary>
    public int Starts { get; private set; }

    /// <summary>Power cuts so far.</summary>
    public int PowerCuts { get; private set; }

    /// <summary>Longest time that the watchdog was not fed.</summary>
    public TimeSpan LongestUnfed { get; internal set; }

    /// <summary>Most managed bytes that the application was seen to hold.</summary>
    public long PeakMemoryBytes => Memory.Peak;

    /// <summary>Told after each power cut, before the next start; null for nobody.</summary>
    internal Action? PowerRestored { get; set; }

    internal MemoryMeter Memory { get; }

    /// <summary>Managed bytes of simulated media and of the network's other end, which a board would not hold in its heap.</summary>
    internal long SimulationBytes =>
        Network.MemoryBytes + BytesInMemory(Flash, Options.FlashMedium) + (Card is null ? 0 : BytesInMemory(Card, Options.CardMedium));

    /// <summary>Lives until the duration is over or stopping is asked for.</summary>
    /// <param name="stopping">Asks for the end; the device saves as at any stop.</param>
    /// <exception cref="MemoryCeilingException">The application held more memory than it may.</exception>
    /// <exception cref="IOException">The storage could not even count a start; a real board would try again.</exception>
    public void Run(CancellationToken stopping = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, World.End);
        string reason = "power";
        while (!end.IsCancellationRequested)
        {
            try
            {
                Starts++;
                Memory.LookSoon();
                var board = new SimulatedBoard(this, reason);
                new DeviceApplication(board, Options.Settings, Options.Kernels, logger).Run(end.Token);
                reason = "command";
            }
            catch (PowerCutException)
            {
                PowerCuts++;
                RestorePower(Flash);
                if (Card is not null)
                {
                    RestorePower(Card);
                }

                World.Sleep(TimeWithoutPower);
                reason = "power";
                PowerRestored?.Invoke();
            }
            catch (IOException) when (Faults.IsPresent(FaultKind.BadFlash, World.Now))
            {
                // The application ended: the board's own runtime starts it anew.
                World.Sleep(TimeWithoutPower);
                reason = "crash";
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => World.Dispose();

    private void RestorePower(SimulatedFlash medium)
    {
        medium.CutPower();
        medium.RestorePower(PowerLoss.Random(random, medium.UnflushedBytes));
        if (Faults.IsPresent(FaultKind.BadFlash, World.Now))
        {
            medium.FlipAnyBit(random);
        }
    }

    private SimulatedFlash NewMedium(FlashProperties properties, IStorage? medium)
    {
        var flash = medium is null ? new SimulatedFlash(properties) : new SimulatedFlash(properties, medium);
        flash.Busy = duration =>
        {
            World.Advance(duration);
            Memory.Look(World.Now);
        };

        // One write in twenty while the flash is bad.
        flash.Fails = operation => operation.Kind is FlashOperationKind.Write or FlashOperationKind.Create or FlashOperationKind.Flush
            && Faults.IsPresent(FaultKind.BadFlash, World.Now) && random.NextInt32(20) == 0;
        return flash;
    }

    private static long BytesInMemory(SimulatedFlash flash, IStorage? medium) =>
        flash.DeletedBytes + (medium is null ? flash.ContentBytes : 0);
}
