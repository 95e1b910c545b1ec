using System;

namespace FeatureAlignment.Tests.Support;

/// <summary>The board is off: no code under test may catch this.</summary>
public sealed class PowerCutException : Exception
{
    public PowerCutException() : base("Power is cut.")
    {
    }
}
