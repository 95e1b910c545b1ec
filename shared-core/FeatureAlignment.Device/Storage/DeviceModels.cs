using System;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Storage;

/// <summary>The models of a device that does not run, seen from outside: to take one from it, or to give it one.</summary>
public static class DeviceModels
{
    /// <summary>The checkpoint files of the model that the device learned last, under a run's names. Nothing is changed.</summary>
    /// <param name="flash">The device's flash, which holds its state.</param>
    /// <param name="models">Where its models are: flash, or the card.</param>
    /// <returns>Empty when it has not learned yet.</returns>
    /// <exception cref="System.IO.IOException">The storage fails.</exception>
    public static IStorage Current(IStorage flash, IStorage models)
    {
        ArgumentChecks.NotNull(flash, nameof(flash));
        ArgumentChecks.NotNull(models, nameof(models));

        // As the device itself finds it: a model above the number that its state knows was given to it, or the newest state is lost.
        int known = DeviceState.Read(new StorageArea(flash, "state"))?.ModelNumber ?? 0;
        return ModelArea.Of(models, Math.Max(known, ModelArea.HighestNumber(models)));
    }

    /// <summary>
    /// Where to put the checkpoint files of a model that the device goes on with at its next start, under the name of the run that it has
    /// in its settings.
    /// </summary>
    /// <param name="flash">The device's flash, which holds its state; empty for a device that has not started yet.</param>
    /// <param name="models">Where its models are: flash, or the card.</param>
    /// <exception cref="System.IO.IOException">The storage fails.</exception>
    public static IStorage Next(IStorage flash, IStorage models)
    {
        ArgumentChecks.NotNull(flash, nameof(flash));
        ArgumentChecks.NotNull(models, nameof(models));
        int known = DeviceState.Read(new StorageArea(flash, "state"))?.ModelNumber ?? 0;
        return ModelArea.Of(models, Math.Max(known, ModelArea.HighestNumber(models)) + 1);
    }
}
