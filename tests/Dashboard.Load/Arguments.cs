using System.CommandLine;

namespace FeatureAlignment.Dashboard.Load;

/// <summary>Options that all tools have in the same form.</summary>
internal static class Arguments
{
    /// <summary>A whole number within a range.</summary>
    public static Option<int> Number(string name, string description, int from, int to, int usual)
    {
        var option = new Option<int>(name) { Description = $"{description}, {from} to {to}.", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is int value && (value < from || value > to))
            {
                result.AddError($"{name} must be {from} to {to}; was {value}.");
            }
        });
        return option;
    }
}
