using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace FeatureAlignment.Training;

/// <summary>Widths of layers: a copy that nobody changes, equal to another one with the same widths.</summary>
internal sealed class LayerWidths : ReadOnlyCollection<int>
{
    public LayerWidths(IEnumerable<int> widths)
        : base(widths.ToArray())
    {
    }

    public override bool Equals(object? obj) => obj is LayerWidths other && this.SequenceEqual(other);

    public override int GetHashCode() => this.Aggregate(Count, (hash, width) => unchecked((hash * 31) + width));
}
