using System;

namespace FeatureAlignment.Simulation.Storage;

/// <summary>
/// The simulated power is gone. Only the head catches it, and starts the application anew: it is no <see cref="System.IO.IOException"/>, so
/// that no code that bears an ill medium bears this too.
/// </summary>
public sealed class PowerCutException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PowerCutException() : base("The simulated power is gone; restore it, then start the application anew.")
    {
    }
}
