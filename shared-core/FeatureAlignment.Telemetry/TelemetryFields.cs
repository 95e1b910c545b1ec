using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace FeatureAlignment.Telemetry;

/// <summary>
/// Names with values, in the order they were added: an event's data, a run's settings, a command's arguments. Lists of fields are equal
/// when they
/// hold equal fields in the same order. Written once with a collection initialiser, then only read.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Fields is the word of the schema.")]
public sealed class TelemetryFields : IReadOnlyList<KeyValuePair<string, TelemetryValue>>, IEquatable<TelemetryFields>
{
    private readonly List<KeyValuePair<string, TelemetryValue>> fields = [];
    private readonly Dictionary<string, int> places = [];
    private readonly int maxNameLength;
    private bool isSealed;

    /// <summary>Creates an empty list of fields.</summary>
    public TelemetryFields() : this(TelemetryNames.MaxLength)
    {
    }

    internal TelemetryFields(int maxNameLength) => this.maxNameLength = maxNameLength;

    /// <summary>No fields. Do not add to it: an added field is refused.</summary>
    public static TelemetryFields Empty { get; } = new() { isSealed = true };

    /// <inheritdoc/>
    public int Count => fields.Count;

    /// <inheritdoc/>
    public KeyValuePair<string, TelemetryValue> this[int index] => fields[index];

    /// <summary>Adds a field; one of the same name is replaced in its place.</summary>
    /// <param name="name">1 to 64 of A-Z, a-z, 0-9, _, . and -.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> has another form.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A record holds these fields already.</exception>
    public void Add(string name, TelemetryValue value)
    {
        TelemetryNames.RequireKey(name, nameof(name), maxNameLength);
        ArgumentChecks.NotNull(value, nameof(value));
        if (isSealed)
        {
            throw new InvalidOperationException($"Fields must be complete before a record takes them; {name} came later.");
        }

        var field = new KeyValuePair<string, TelemetryValue>(name, value);
        if (places.TryAdd(name, fields.Count))
        {
            fields.Add(field);
        }
        else
        {
            fields[places[name]] = field;
        }
    }

    /// <summary>Adds a text.</summary>
    /// <param name="name">As above.</param>
    /// <param name="text">As <see cref="TelemetryValue(string)"/>.</param>
    public void Add(string name, string text) => Add(name, new TelemetryValue(text));

    /// <summary>Adds a number.</summary>
    /// <param name="name">As above.</param>
    /// <param name="number">As <see cref="TelemetryValue(double)"/>.</param>
    public void Add(string name, double number) => Add(name, new TelemetryValue(number));

    /// <summary>Adds a truth value.</summary>
    /// <param name="name">As above.</param>
    /// <param name="truth">Which.</param>
    public void Add(string name, bool truth) => Add(name, new TelemetryValue(truth));

    /// <summary>Adds an array of numbers.</summary>
    /// <param name="name">As above.</param>
    /// <param name="numbers">As <see cref="TelemetryValue(IReadOnlyCollection{double})"/>.</param>
    public void Add(string name, IReadOnlyCollection<double> numbers) => Add(name, new TelemetryValue(numbers));

    /// <summary>Finds a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value, when there is one.</param>
    public bool TryGet(string name, [NotNullWhen(true)] out TelemetryValue? value)
    {
        value = places.TryGetValue(name, out int place) ? fields[place].Value : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public bool Equals(TelemetryFields? other)
    {
        if (other is null || other.Count != Count)
        {
            return false;
        }

        for (int i = 0; i < Count; i++)
        {
            if (fields[i].Key != other.fields[i].Key || !fields[i].Value.Equals(other.fields[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TelemetryFields);

    /// <inheritdoc/>
    public override int GetHashCode() => Count;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, TelemetryValue>> GetEnumerator() => fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // From now on nobody changes them, so that records stay as they are; truth values are for command arguments alone.
    internal static TelemetryFields Take(TelemetryFields? given, bool allowBooleans, string parameter)
    {
        TelemetryFields fields = given ?? Empty;
        foreach (KeyValuePair<string, TelemetryValue> field in fields)
        {
            if (!allowBooleans && field.Value.Kind == TelemetryValueKind.Boolean)
            {
                throw new ArgumentException(
                    $"{parameter} must be texts, numbers or arrays of numbers; {field.Key} is a Boolean.", parameter);
            }
        }

        fields.isSealed = true;
        return fields;
    }
}
