using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace FeatureAlignment.Simulator.Reports.Html;

/// <summary>How classes are called: by their names, or by their 0-based numbers where they have none.</summary>
internal sealed class ClassLabels(IReadOnlyList<string>? names)
{
    /// <summary>True when names say more than the numbers do.</summary>
    public bool HasNames => names is not null && names.Where((name, i) => name != i.ToString(CultureInfo.InvariantCulture)).Any();

    public string this[int classIndex] =>
        names is not null && classIndex < names.Count ? names[classIndex] : classIndex.ToString(CultureInfo.InvariantCulture);
}
