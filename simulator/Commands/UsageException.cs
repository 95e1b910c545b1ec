using System;
using System.Collections.Generic;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>The call is wrong in a way that shows only once files have been looked at. Holds one line per fault.</summary>
internal sealed class UsageException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public UsageException(string fault)
        : this([fault])
    {
    }

    public IReadOnlyList<string> Faults { get; } = faults;
}
