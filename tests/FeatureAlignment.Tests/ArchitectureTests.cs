using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FeatureAlignment.Kernels;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Tests;

/// <summary>The layout that CONTRIBUTING.md describes: which project may use which, and what the core keeps out.</summary>
[TestFixture]
public sealed class ArchitectureTests
{
    private static readonly string Root = FindRoot();

    /// <summary>The arrows: what each source project may reference directly. A new project is added here on purpose.</summary>
    private static readonly Dictionary<string, string[]> AllowedReferences = new()
    {
        ["FeatureAlignment"] = [],
        ["FeatureAlignment.Telemetry"] = [],
        ["FeatureAlignment.Device"] = ["FeatureAlignment", "FeatureAlignment.Telemetry"],
        ["FeatureAlignment.Simulation"] = ["FeatureAlignment", "FeatureAlignment.Telemetry", "FeatureAlignment.Device"],
        ["Simulator"] = ["FeatureAlignment", "FeatureAlignment.Simulation"],
        ["DeviceApp"] = ["FeatureAlignment.Device"],
        ["Dashboard"] = ["FeatureAlignment.Telemetry", "FeatureAlignment.Simulation"],
    };

    private static readonly string[] Heads = ["Simulator", "DeviceApp", "Dashboard"];

    // Analyzers do not reach the program.
    private static readonly string[] CorePackages = ["Microsoft.CodeAnalysis.BannedApiAnalyzers"];

    private static readonly string[] PackageFreeProjects = ["FeatureAlignment", "FeatureAlignment.Telemetry"];

    private static readonly System.Reflection.Assembly[] PackageFreeAssemblies =
        [typeof(KernelSet).Assembly, typeof(TelemetryBatch).Assembly];

    private static IEnumerable<string> SourceProjects() =>
        Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("tests/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal));

    private static IEnumerable<string> CoreFiles() => SourceFilesOf("shared-core");

    [Test]
    public void SourceProjects_AreFound()
    {
        Assert.That(SourceProjects(), Has.Member("shared-core/FeatureAlignment/FeatureAlignment.csproj"));
        Assert.That(CoreFiles().Count(), Is.GreaterThan(50));
    }

    [TestCaseSource(nameof(SourceProjects))]
    public void Project_ReferencesOnlyWhatItsArrowAllows(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Assert.That(AllowedReferences, Does.ContainKey(name), "a new project needs its arrows in this test");
        Assert.That(References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension), Is.SubsetOf(AllowedReferences[name]));
        Assert.That(References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Intersect(Heads), Is.Empty);
    }

    [Test]
    public void Core_NeedsNothingButTheBaseClassLibrary()
    {
        foreach (string project in SourceProjects().Where(path => PackageFreeProjects.Contains(Path.GetFileNameWithoutExtension(path))))
        {
            string folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
            string[] packages =
            [
                .. References(project, "PackageReference"), .. References($"{folder}/../Directory.Build.props", "PackageReference"),
            ];
            Assert.That(packages, Is.SubsetOf(CorePackages), project);
        }

        IEnumerable<string> assemblies = PackageFreeAssemblies
            .SelectMany(assembly => assembly.GetReferencedAssemblies()).Select(assembly => assembly.Name!);
        Assert.That(assemblies, Is.All.StartsWith("System."));
        Assert.That(assemblies, Has.None.StartsWith("System.Text.Json").And.None.StartsWith("System.Text.RegularExpressions"));
    }

    [TestCaseSource(nameof(SourceProjects))]
    public void Namespaces_EqualFolders(string project)
    {
        string folder = Path.GetDirectoryName(project)!.Replace('\\', '/'), root = RootNamespace(project);
        foreach (string file in SourceFilesOf(folder))
        {
            Match match = Regex.Match(File.ReadAllText(Path.Combine(Root, file)), @"^namespace ([\w.]+)", RegexOptions.Multiline);
            string inside = Path.GetDirectoryName(Path.GetRelativePath(folder, file))!.Replace('\\', '.').Replace('/', '.');
            if (match.Success && !IsPolyfill(file))
            {
                string expected = inside.Length == 0 ? root : $"{root}.{inside}";
                Assert.That(match.Groups[1].Value, Is.EqualTo(expected).Or.EqualTo(Parent(root, inside)), file);
            }
        }

        // One level of parts that belong to the namespace above would be allowed only where a partial class asks for it.
        static string Parent(string root, string inside) => inside == "Kernels.Vector" ? $"{root}.Kernels" : root + "." + inside;
    }

    [Test]
    public void Core_HasNoConditionalCompilation()
    {
        string[] offenders = CoreFiles()
            .Where(file => Regex.IsMatch(File.ReadAllText(Path.Combine(Root, file)), @"^\s*#if\b", RegexOptions.Multiline))
            .ToArray();
        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Core_PublicTypesCannotBeInheritedByAccident()
    {
        string[] offenders = PackageFreeAssemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract && !typeof(Exception).IsAssignableFrom(type))
            .Select(type => type.FullName!).ToArray();
        Assert.That(offenders, Is.Empty);
    }

    [TestCaseSource(nameof(PackageFreeAssemblies))]
    public void Core_UsesNoPlatformMathematicsRandomnessOrClock(System.Reflection.Assembly assembly)
    {
        // The analyzer checks the same while building; this fails even when someone turns it off.
        string[] banned = ["System.Random", "System.MathF", "System.Console", "System.Diagnostics.Stopwatch", "System.TimeProvider"];
        using var image = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(assembly.Location));
        System.Reflection.Metadata.MetadataReader metadata = System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(image);
        IEnumerable<string> used = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}");
        Assert.That(used.Intersect(banned), Is.Empty);
    }

    private static string[] References(string project, string kind) =>
        XDocument.Load(Path.Combine(Root, project)).Descendants(kind).Select(element => (string)element.Attribute("Include")!)
            .Select(include => include.Replace('\\', '/')).ToArray();

    private static string RootNamespace(string project) =>
        (string?)XDocument.Load(Path.Combine(Root, project)).Descendants("RootNamespace").FirstOrDefault()
            ?? Path.GetFileNameWithoutExtension(project);

    private static bool IsPolyfill(string file) => Path.GetFileName(file) == "Polyfills.cs";

    private static IEnumerable<string> SourceFilesOf(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !Regex.IsMatch(path, "/(obj|bin)/"));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Meadow.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder
            ?? throw new InvalidOperationException("The tests must run inside the repository; no Meadow.sln was found above them.");
    }
}
