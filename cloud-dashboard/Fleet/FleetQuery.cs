using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FeatureAlignment.Dashboard.Devices;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Fleet;

/// <summary>What the address of the fleet page asks for: which devices, in which order, which page of them.</summary>
public sealed record FleetQuery(string Search, DeviceState? State, string Sort, bool IsDescending, int PageNumber)
{
    /// <summary>Devices on a page.</summary>
    public const int PageSize = 100;

    private static readonly Dictionary<string, Func<FleetRow, IComparable?>> Keys = new(StringComparer.Ordinal)
    {
        ["name"] = row => row.Name,
        ["state"] = row => row.State,
        ["loss"] = row => row.Details.Loss,
        ["accuracy"] = row => row.Details.Accuracy ?? -row.Details.Score,
        ["speed"] = row => row.Details.SamplesPerSecond,
        ["memory"] = row => row.Details.MemoryUsed,
        ["seen"] = row => row.Device.LastSeenAt,
        ["firmware"] = row => row.Device.App,
    };

    // Names as people read them: "fan" is before "Press".
    private static readonly Comparer<IComparable?> Order = Comparer<IComparable?>.Create((a, b) => a is string one && b is string other
        ? StringComparer.OrdinalIgnoreCase.Compare(one, other)
        : Comparer<IComparable?>.Default.Compare(a, b));

    public static FleetQuery Read(IQueryCollection query)
    {
        string sort = query["sort"].ToString();
        return new FleetQuery(
            query["q"].ToString().Trim(),
            Enum.TryParse(query["state"], ignoreCase: true, out DeviceState state) && Enum.IsDefined(state) ? state : null,
            Keys.ContainsKey(sort) ? sort : "name",
            query["order"] == "down",
            int.TryParse(query["page"], out int page) ? Math.Clamp(page, 1, 1_000_000) : 1);
    }

    /// <summary>The rows that match, in order; those without the value that is sorted by come last.</summary>
    public IReadOnlyList<FleetRow> Apply(IEnumerable<FleetRow> rows)
    {
        Func<FleetRow, IComparable?> key = Keys[Sort];
        IEnumerable<FleetRow> found = rows.Where(row => (State is null || row.State == State)
            && (Contains(row.Name) || Contains(row.Device.DeviceId) || Contains(row.Device.App)));
        IOrderedEnumerable<FleetRow> known = found.OrderBy(row => key(row) is null);
        IOrderedEnumerable<FleetRow> ordered = IsDescending ? known.ThenByDescending(key, Order) : known.ThenBy(key, Order);
        return [.. ordered.ThenBy(row => row.Device.DeviceId, StringComparer.Ordinal)];
    }

    /// <summary>The rows of the page; of the last one, when there are not so many.</summary>
    public (int PageNumber, IReadOnlyList<FleetRow> Rows) TakePage(IReadOnlyList<FleetRow> rows)
    {
        int number = Math.Min(PageNumber, PagesOf(rows.Count));
        return (number, [.. rows.Skip((number - 1) * PageSize).Take(PageSize)]);
    }

    /// <summary>Pages that so many rows fill; one when there is none.</summary>
    public static int PagesOf(int rows) => Math.Max(1, (rows + PageSize - 1) / PageSize);

    /// <summary>The address of the same list with changes.</summary>
    public string Address(string? sort = null, DeviceState? state = null, int page = 1, bool anyState = false)
    {
        // The second click on a column turns the order round.
        bool descending = sort is null ? IsDescending : sort == Sort && !IsDescending;
        DeviceState? shown = anyState ? null : state ?? State;
        QueryString query = QueryString.Empty;
        foreach ((string name, string? value) in ((string, string?)[])[
            ("q", Search.Length > 0 ? Search : null),
            ("state", shown?.ToString().ToLowerInvariant()),
            ("sort", (sort ?? Sort) == "name" ? null : sort ?? Sort),
            ("order", descending ? "down" : null),
            ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null)])
        {
            query = value is null ? query : query.Add(name, value);
        }

        return "/" + query;
    }

    private bool Contains(string text) => text.Contains(Search, StringComparison.OrdinalIgnoreCase);
}
