using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Telemetry.Json;

namespace FeatureAlignment.Telemetry;

/// <summary>What a <see cref="TelemetryValue"/> is.</summary>
public enum TelemetryValueKind
{
    /// <summary>A text without control characters.</summary>
    Text,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An array of finite numbers.</summary>
    Numbers,
}

/// <summary>A value beside a name: text, number, truth or array of numbers. Values are equal when kind and content are.</summary>
public sealed class TelemetryValue : IEquatable<TelemetryValue>
{
    private readonly string? text;
    private readonly double number;
    private readonly double[]? numbers;

    /// <summary>Creates a text; see <see cref="TelemetryText.Clean(string)"/> for what becomes of control characters.</summary>
    /// <param name="text">Any text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public TelemetryValue(string text)
    {
        Kind = TelemetryValueKind.Text;
        this.text = TelemetryText.Clean(text);
    }

    /// <summary>Creates a number.</summary>
    /// <param name="number">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is NaN or infinite.</exception>
    public TelemetryValue(double number)
    {
        Kind = TelemetryValueKind.Number;
        this.number = ArgumentChecks.Finite(number, nameof(number));
    }

    /// <summary>Creates a truth value.</summary>
    /// <param name="truth">Which.</param>
    public TelemetryValue(bool truth)
    {
        Kind = TelemetryValueKind.Boolean;
        number = truth ? 1 : 0;
    }

    /// <summary>Creates an array of numbers; they are copied.</summary>
    /// <param name="numbers">Finite numbers.</param>
    /// <exception cref="ArgumentNullException"><paramref name="numbers"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One of them is NaN or infinite.</exception>
    public TelemetryValue(IReadOnlyCollection<double> numbers)
    {
        ArgumentChecks.NotNull(numbers, nameof(numbers));
        Kind = TelemetryValueKind.Numbers;
        this.numbers = numbers.ToArray();
        foreach (double one in this.numbers)
        {
            ArgumentChecks.Finite(one, nameof(numbers));
        }
    }

    /// <summary>What the value is.</summary>
    public TelemetryValueKind Kind { get; }

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">The value is no text.</exception>
    public string Text => text ?? throw WrongKind(TelemetryValueKind.Text);

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">The value is no number.</exception>
    public double Number => Kind == TelemetryValueKind.Number ? number : throw WrongKind(TelemetryValueKind.Number);

    /// <summary>Whether it is true.</summary>
    /// <exception cref="InvalidOperationException">The value is neither true nor false.</exception>
    public bool Truth => Kind == TelemetryValueKind.Boolean ? number != 0 : throw WrongKind(TelemetryValueKind.Boolean);

    /// <summary>The numbers.</summary>
    /// <exception cref="InvalidOperationException">The value is no array.</exception>
    public IReadOnlyList<double> Numbers => numbers ?? throw WrongKind(TelemetryValueKind.Numbers);

    /// <summary>
    /// The value as a serialiser that goes by types wants it: string, bool, double[], long for a whole number within ±2^53, else
    /// double.
    /// </summary>
    public object ToObject() => Kind switch
    {
        TelemetryValueKind.Text => Text,
        TelemetryValueKind.Boolean => Truth,
        TelemetryValueKind.Numbers => numbers!.Clone(),
        _ => number == Math.Floor(number) && Math.Abs(number) <= 1L << 53 ? (object)(long)number : number,
    };

    /// <inheritdoc/>
    public bool Equals(TelemetryValue? other) => other is not null && Kind == other.Kind && text == other.text
        && number.Equals(other.number) && (numbers ?? []).AsSpan().SequenceEqual(other.numbers ?? []);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TelemetryValue);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, text, number, numbers?.Length);

    /// <summary>The value as text, numbers as in JSON.</summary>
    public override string ToString() => Kind switch
    {
        TelemetryValueKind.Text => Text,
        TelemetryValueKind.Boolean => Truth ? "true" : "false",
        TelemetryValueKind.Number => DecimalNumber.Format(number),
        _ => "[" + string.Join(",", Numbers.Select(DecimalNumber.Format)) + "]",
    };

    private InvalidOperationException WrongKind(TelemetryValueKind wanted) => new($"The value must be {wanted}; it is {Kind}.");
}
