using System.Collections.Generic;
using System.CommandLine;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>A command that can judge its options together and shows examples in its help.</summary>
internal abstract class SimulatorCommand(string name, string description) : Command(name, description)
{
    /// <summary>Argument lists that work, shown at the end of the help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Sentences of the help that belong to no single option.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Faults of options that could each be read, but not together; shown along with those of single options.</summary>
    public virtual IEnumerable<string> Faults(ParseResult parsed) => [];
}
