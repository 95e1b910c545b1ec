using System;
using System.Text;

namespace FeatureAlignment.Telemetry.Json;

/// <summary>
/// Reads JSON (RFC 8259) from bytes in memory, front to back, one value after the other. Whatever the bytes are, nothing but
/// <see cref="TelemetryFormatException"/> is thrown; depth is bounded, and what is allocated is in proportion to the bytes.
/// </summary>
/// <remarks>
/// The tolerant form also takes what MicroJson, the serialiser on a Meadow, sends although it is not JSON: NaN, Infinity and -Infinity
/// without quotes and control
/// characters in strings; and bytes that are not UTF-8, as U+FFFD.
/// </remarks>
public ref struct JsonReader
{
    /// <summary>Deepest nesting that is read; the schema needs 4.</summary>
    public const int MaxDepth = 16;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // A batch says the same few names over and over: each becomes a string once. Slots, so that a long text of many names costs no more.
    private const int NameSlots = 32;
    private const int LongestName = 32;

    private readonly ReadOnlySpan<byte> utf8;
    private readonly bool tolerant;
    private string?[]? names;
    private int depth;
    private bool isFirst;

    /// <summary>Creates a reader at the start of a text.</summary>
    /// <param name="utf8">The whole text.</param>
    /// <param name="tolerant">Whether MicroJson's faults are let through.</param>
    public JsonReader(ReadOnlySpan<byte> utf8, bool tolerant = false) : this()
    {
        this.utf8 = utf8;
        this.tolerant = tolerant;
    }

    /// <summary>Offset of the next byte to be read.</summary>
    public int Position { get; private set; }

    /// <summary>Tells what kind of value comes next, without reading it.</summary>
    /// <exception cref="TelemetryFormatException">No value begins here.</exception>
    public JsonKind Peek()
    {
        SkipSpace();
        byte next = Position < utf8.Length ? utf8[Position] : (byte)0;
        return next switch
        {
            (byte)'{' => JsonKind.Object,
            (byte)'[' => JsonKind.Array,
            (byte)'"' => JsonKind.String,
            (byte)'t' or (byte)'f' => JsonKind.Boolean,
            (byte)'n' => JsonKind.Null,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonKind.Number,
            (byte)'N' or (byte)'I' when tolerant => JsonKind.Number,
            _ => throw Fault("a value"),
        };
    }

    /// <summary>Enters an object; <see cref="NextMember"/> then goes through it.</summary>
    /// <exception cref="TelemetryFormatException">There is no object here, or it is nested too deeply.</exception>
    public void BeginObject() => Begin('{', "an object");

    /// <summary>Enters an array; <see cref="NextElement"/> then goes through it.</summary>
    /// <exception cref="TelemetryFormatException">There is no array here, or it is nested too deeply.</exception>
    public void BeginArray() => Begin('[', "an array");

    /// <summary>
    /// Goes to the next member of the object entered last, or leaves the object. The value must be read or skipped before the next
    /// call.
    /// </summary>
    /// <param name="name">The member's name; empty at the end.</param>
    /// <returns>False when there is no more member.</returns>
    /// <exception cref="TelemetryFormatException">The text is not well formed here.</exception>
    public bool NextMember(out string name)
    {
        name = "";
        if (!Next('}'))
        {
            return false;
        }

        SkipSpace();
        name = ReadString();
        SkipSpace();
        Expect(':');
        return true;
    }

    /// <summary>
    /// Goes to the next value of the array entered last, or leaves the array. The value must be read or skipped before the next call.
    /// </summary>
    /// <returns>False when there is no more value.</returns>
    /// <exception cref="TelemetryFormatException">The text is not well formed here.</exception>
    public bool NextElement() => Next(']');

    /// <summary>Reads a string.</summary>
    /// <exception cref="TelemetryFormatException">There is no well-formed string here.</exception>
    public string ReadString()
    {
        SkipSpace();
        Expect('"', "a string");
        int start = Position;
        bool escapes = false;
        for (; ; Position++)
        {
            byte next = Position < utf8.Length ? utf8[Position] : throw Fault("the end of a string");
            if (next == '"')
            {
                break;
            }

            if (next < ' ' && !tolerant)
            {
                throw Fault("an escaped control character");
            }

            if (next == '\\')
            {
                escapes = true;
                Position++;
            }
        }

        ReadOnlySpan<byte> raw = utf8[start..Position];
        Position++;
        return escapes ? Unescape(raw, start) : raw.Length is 0 or > LongestName ? Decode(raw, start) : Share(raw, start);
    }

    /// <summary>Reads a number as the nearest double. The tolerant form can give NaN or infinities.</summary>
    /// <exception cref="TelemetryFormatException">There is no number here, or it is beyond a double's range or longer than 64
    /// characters.</exception>
    public double ReadDouble()
    {
        SkipSpace();
        int start = Position;
        if (tolerant && (TryTake("NaN") || TryTake("Infinity") || TryTake("-Infinity")))
        {
            return utf8[start] == 'N' ? double.NaN : utf8[start] == 'I' ? double.PositiveInfinity : double.NegativeInfinity;
        }

        while (Position < utf8.Length
            && utf8[Position] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E')
        {
            Position++;
        }

        if (DecimalNumber.TryParse(utf8[start..Position], out double value))
        {
            return value;
        }

        Position = start;
        throw Fault($"a number of at most {DecimalNumber.MaxLength} characters within ±1.8e308");
    }

    /// <summary>Reads a whole number; 5.0 and 5e0 count as 5.</summary>
    /// <exception cref="TelemetryFormatException">There is no whole number of at most 2^53 in magnitude here.</exception>
    public long ReadInt64()
    {
        SkipSpace();
        int start = Position;
        double value = ReadDouble();
        if (value == Math.Floor(value) && Math.Abs(value) <= 1L << 53)
        {
            return (long)value;
        }

        Position = start;
        throw Fault("a whole number from -2^53 to 2^53");
    }

    /// <summary>Reads true or false.</summary>
    /// <exception cref="TelemetryFormatException">There is neither here.</exception>
    public bool ReadBoolean()
    {
        SkipSpace();
        return TryTake("true") || (TryTake("false") ? false : throw Fault("true or false"));
    }

    /// <summary>Reads null if it comes next.</summary>
    /// <returns>Whether it did.</returns>
    public bool TryReadNull()
    {
        SkipSpace();
        return TryTake("null");
    }

    /// <summary>Reads any value and forgets it. It must be well formed all the same.</summary>
    /// <exception cref="TelemetryFormatException">It is not.</exception>
    public void Skip()
    {
        switch (Peek())
        {
            case JsonKind.Object:
                BeginObject();
                while (NextMember(out _))
                {
                    Skip();
                }

                break;
            case JsonKind.Array:
                BeginArray();
                while (NextElement())
                {
                    Skip();
                }

                break;
            case JsonKind.String: ReadString(); break;
            case JsonKind.Number: ReadDouble(); break;
            case JsonKind.Boolean: ReadBoolean(); break;
            default: _ = TryReadNull() ? true : throw Fault("null"); break;
        }
    }

    /// <summary>Makes sure that nothing but space follows.</summary>
    /// <exception cref="TelemetryFormatException">Something does.</exception>
    public void End()
    {
        SkipSpace();
        if (Position < utf8.Length)
        {
            throw Fault("the end");
        }
    }

    private void Begin(char bracket, string what)
    {
        SkipSpace();
        if (depth == MaxDepth)
        {
            throw Fault($"nesting of at most {MaxDepth}");
        }

        Expect(bracket, what);
        depth++;
        isFirst = true;
    }

    // After a value, comes a comma or the end; after the bracket, a value or the end.
    private bool Next(char end)
    {
        SkipSpace();
        if (Position < utf8.Length && utf8[Position] == end)
        {
            Position++;
            depth--;
            isFirst = false;
            return false;
        }

        if (!isFirst)
        {
            Expect(',', $"',' or '{end}'");
        }

        isFirst = false;
        return true;
    }

    private void SkipSpace()
    {
        while (Position < utf8.Length && utf8[Position] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            Position++;
        }
    }

    private void Expect(char wanted, string? what = null)
    {
        if (Position >= utf8.Length || utf8[Position] != wanted)
        {
            throw Fault(what ?? $"'{wanted}'");
        }

        Position++;
    }

    private bool TryTake(string word)
    {
        if (utf8.Length - Position < word.Length)
        {
            return false;
        }

        for (int i = 0; i < word.Length; i++)
        {
            if (utf8[Position + i] != word[i])
            {
                return false;
            }
        }

        Position += word.Length;
        return true;
    }

    private string Share(ReadOnlySpan<byte> raw, int start)
    {
        names ??= new string?[NameSlots];
        ref string? slot = ref names[(raw[0] + 7 * raw[^1] + 31 * raw.Length) % NameSlots];
        if (slot is not null && EqualsAscii(raw, slot))
        {
            return slot;
        }

        string text = Decode(raw, start);
        // As many characters as bytes: all of it is ASCII, so bytes and characters can be compared one by one.
        slot = text.Length == raw.Length ? text : slot;
        return text;
    }

    private static bool EqualsAscii(ReadOnlySpan<byte> raw, string text)
    {
        if (raw.Length != text.Length)
        {
            return false;
        }

        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != text[i])
            {
                return false;
            }
        }

        return true;
    }

    private readonly string Decode(ReadOnlySpan<byte> raw, int start)
    {
        if (tolerant)
        {
            return Encoding.UTF8.GetString(raw);
        }

        try
        {
            return StrictUtf8.GetString(raw);
        }
        catch (DecoderFallbackException)
        {
            throw new TelemetryFormatException(start, "a string must be UTF-8; it is not.");
        }
    }

    private readonly string Unescape(ReadOnlySpan<byte> raw, int start)
    {
        var text = new StringBuilder(raw.Length);
        int at = 0;
        while (at < raw.Length)
        {
            int slash = raw[at..].IndexOf((byte)'\\');
            int plain = slash < 0 ? raw.Length - at : slash;
            text.Append(Decode(raw.Slice(at, plain), start + at));
            at += plain;
            if (at < raw.Length)
            {
                text.Append(Escaped(raw[at..], start + at, out int length));
                at += length;
            }
        }

        // Halves of surrogate pairs can be spelt with escapes, each alone; together they are judged only here.
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                text[i] = '\uFFFD';
            }
        }

        return text.ToString();
    }

    private static char Escaped(ReadOnlySpan<byte> raw, int position, out int length)
    {
        length = 2;
        switch (raw[1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/': return (char)raw[1];
            case (byte)'b': return '\b';
            case (byte)'f': return '\f';
            case (byte)'n': return '\n';
            case (byte)'r': return '\r';
            case (byte)'t': return '\t';
            case (byte)'u' when raw.Length >= 6:
                length = 6;
                int code = 0;
                for (int i = 2; i < 6; i++)
                {
                    int digit = HexDigits.Value((char)raw[i]);
                    code = digit < 0
                        ? throw new TelemetryFormatException(position, "\\u must be followed by four hexadecimal digits.")
                        : code * 16 + digit;
                }

                return (char)code;
            default:
                throw new TelemetryFormatException(
                    position, "\\ must be followed by one of \" \\ / b f n r t, or by u and four hexadecimal digits.");
        }
    }

    private readonly TelemetryFormatException Fault(string wanted)
    {
        string found = Position >= utf8.Length ? "the end"
            : utf8[Position] is >= 0x21 and < 0x7F ? $"'{(char)utf8[Position]}'"
            : $"byte 0x{(int)utf8[Position]:x2}";
        return new TelemetryFormatException(Math.Min(Position, utf8.Length), $"{wanted} expected, {found} found.");
    }
}
