using System;

namespace FeatureAlignment.Device.Screen;

/// <summary>
/// A line of text that is written anew for every frame without allocating. Numbers are formatted here because the runtimes' own formatting
/// allocates on the board. What does not fit is cut, and the cut is shown by an ellipsis.
/// </summary>
internal sealed class TextBuffer
{
    private static readonly double[] PowersOfTen = { 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000 };

    private readonly char[] characters;

    /// <param name="capacity">Most characters, at least 1.</param>
    public TextBuffer(int capacity) => characters = new char[capacity];

    /// <summary>Characters that are there.</summary>
    public int Length { get; private set; }

    /// <summary>The text so far; valid until the next change.</summary>
    public ReadOnlySpan<char> Text => new(characters, 0, Length);

    public TextBuffer Clear()
    {
        Length = 0;
        return this;
    }

    public TextBuffer Add(char character)
    {
        if (Length < characters.Length)
        {
            characters[Length++] = character;
        }
        else
        {
            characters[Length - 1] = '…';
        }

        return this;
    }

    public TextBuffer Add(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Add(text[i]);
        }

        return this;
    }

    /// <summary>A whole number, at least <paramref name="digits"/> digits with zeros in front.</summary>
    public TextBuffer Add(long value, int digits = 1)
    {
        if (value < 0)
        {
            Add('−');
        }

        // Magnitudes are negative here, because long.MinValue has no positive counterpart.
        long magnitude = value < 0 ? value : -value;
        int count = 1;
        for (long rest = magnitude / 10; rest != 0; rest /= 10)
        {
            count++;
        }

        for (int i = count; i < digits; i++)
        {
            Add('0');
        }

        for (int place = count - 1; place >= 0; place--)
        {
            long shifted = magnitude;
            for (int i = 0; i < place; i++)
            {
                shifted /= 10;
            }

            Add((char)('0' - (int)(shifted % 10)));
        }

        return this;
    }

    /// <summary>A number with a fixed count of decimals, 0 to 6, halves rounded up; a dash when it is not finite.</summary>
    public TextBuffer AddFixed(double value, int decimals)
    {
        if (!(Math.Abs(value) < 1e12))
        {
            return Add(value > 0 ? ">1e12" : value < 0 ? "<−1e12" : "–");
        }

        long scaled = (long)Math.Floor((Math.Abs(value) * PowersOfTen[decimals]) + 0.5);
        long one = (long)PowersOfTen[decimals];
        if (value < 0 && scaled != 0)
        {
            Add('−');
        }

        Add(scaled / one);
        return decimals == 0 ? this : Add('.').Add(scaled % one, decimals);
    }

    /// <summary>A number with about three significant digits, as long as that takes at most six decimals.</summary>
    public TextBuffer AddShort(double value)
    {
        double size = Math.Abs(value);
        int decimals = size == 0 ? 0 : 2;
        for (double scaled = size; scaled < 0.9995 && scaled > 0 && decimals < 6; scaled *= 10)
        {
            decimals++;
        }

        return AddFixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : decimals);
    }

    /// <summary>Bytes as B, KB or MB of 1024, with one decimal from KB on.</summary>
    public TextBuffer AddBytes(long bytes)
    {
        const double Kilo = 1024, Mega = Kilo * Kilo;
        return bytes < 0 ? Add('–')
            : bytes < Kilo ? Add(bytes).Add(" B")
            : bytes < 999.95 * Kilo ? AddFixed(bytes / Kilo, 1).Add(" KB")
            : AddFixed(bytes / Mega, 1).Add(" MB");
    }

    /// <summary>A duration as 12 s, 07:45, 5:07:45 or 3d 05:07.</summary>
    public TextBuffer AddDuration(TimeSpan duration)
    {
        long seconds = Math.Max(0, duration.Ticks / TimeSpan.TicksPerSecond);
        long minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
        return days > 0 ? Add(days).Add("d ").Add(hours % 24, 2).Add(':').Add(minutes % 60, 2)
            : hours > 0 ? Add(hours).Add(':').Add(minutes % 60, 2).Add(':').Add(seconds % 60, 2)
            : minutes > 0 ? Add(minutes, 2).Add(':').Add(seconds % 60, 2)
            : Add(seconds).Add(" s");
    }
}
