using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using FeatureAlignment.Layers;

namespace FeatureAlignment.Tests.Reference;

/// <summary>One recorded case of the rule: inputs, and what automatic differentiation in double precision made of them.</summary>
public sealed class AlignmentCase
{
    private readonly JsonElement json;

    private AlignmentCase(JsonElement json) => this.json = json;

    public string Name => json.GetProperty("name").GetString()!;

    public bool IsClamped => json.TryGetProperty("mode", out _);

    public Activation Activation => Enum.Parse<Activation>(json.GetProperty("activation").GetString()!, ignoreCase: true);

    public int Batch => Int("batch");

    public int Classes => Int("classes");

    public int Steps => Int("steps");

    public LayerSpec Layer => new(
        Int("inputs"), Int("outputs"), Activation, IsClamped ? 0 : Classes, IsClamped ? Classes : 0);

    public int[] Labels => json.TryGetProperty("labels", out JsonElement labels)
        ? labels.EnumerateArray().Select(label => label.GetInt32()).ToArray()
        : Enumerable.Repeat(-1, Batch).ToArray();

    public static IEnumerable<AlignmentCase> All()
    {
        using System.IO.Stream stream = typeof(AlignmentCase).Assembly.GetManifestResourceStream("alignment-rule.json")!;
        JsonElement cases = JsonDocument.Parse(stream).RootElement.GetProperty("cases");
        return cases.EnumerateArray().Select(element => new AlignmentCase(element)).ToArray();
    }

    public bool Has(string name) => json.TryGetProperty(name, out _);

    public double Number(string name) => json.GetProperty(name).GetDouble();

    /// <summary>A vector or matrix, row-major.</summary>
    public double[] Values(string name) => json.GetProperty(name).EnumerateArray()
        .SelectMany(element => element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray().Select(value => value.GetDouble())
            : [element.GetDouble()])
        .ToArray();

    public float[] Floats(string name) => Values(name).Select(value => (float)value).ToArray();

    public override string ToString() => Name;

    private int Int(string name) => json.GetProperty(name).GetInt32();
}
