using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;

namespace FeatureAlignment.Dashboard.Layout;

/// <summary>
/// Which modules a script needs, by its imports and theirs. A page that names them all has them after one turn of requests; the browser
/// by itself hears of a module only when it has the one that imports it.
/// </summary>
internal sealed partial class ModuleGraph(IWebHostEnvironment environment)
{
    private static readonly Uri Root = new("http://localhost");

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> known = new(StringComparer.Ordinal);

    /// <summary>All modules that a script imports, directly or not, each once.</summary>
    /// <param name="script">Its address, from the root on.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or none that is imported.</exception>
    public IReadOnlyList<string> FindImports(string script) => known.GetOrAdd(script, one =>
    {
        var found = new List<string> { one };
        for (int i = 0; i < found.Count; i++)
        {
            found.AddRange(ReadImports(found[i]).Except(found));
        }

        return found[1..];
    });

    private IEnumerable<string> ReadImports(string script)
    {
        IFileInfo file = environment.WebRootFileProvider.GetFileInfo(script);
        if (!file.Exists)
        {
            throw new FileNotFoundException($"Each module of a page must be in wwwroot; {script} is not.");
        }

        using var reader = new StreamReader(file.CreateReadStream());
        var from = new Uri(Root, script);
        return [.. Imports().Matches(reader.ReadToEnd()).Select(import => new Uri(from, import.Groups[1].Value).AbsolutePath)];
    }

    [GeneratedRegex("^import [^;]*'([^']+)';", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Imports();
}
