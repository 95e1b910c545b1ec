using System;
using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace FeatureAlignment.Telemetry.Json;

/// <summary>
/// Writes JSON as UTF-8, without spaces, straight into a buffer that the caller keeps and reuses (such as an <see
/// cref="ArrayBufferWriter{T}"/>).
/// Escapes what JSON demands and nothing else. The caller sees to it that what is begun is ended.
/// </summary>
public sealed class JsonWriter
{
    private readonly IBufferWriter<byte> output;
    private bool needsComma;

    /// <summary>Creates a writer that appends to a buffer.</summary>
    /// <param name="output">Where the bytes go.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public JsonWriter(IBufferWriter<byte> output)
    {
        ArgumentChecks.NotNull(output, nameof(output));
        this.output = output;
    }

    /// <summary>Begins an object.</summary>
    public void BeginObject() => Begin('{');

    /// <summary>Ends the object begun last.</summary>
    public void EndObject() => End('}');

    /// <summary>Begins an array.</summary>
    public void BeginArray() => Begin('[');

    /// <summary>Ends the array begun last.</summary>
    public void EndArray() => End(']');

    /// <summary>Writes the name of a member; its value must follow.</summary>
    /// <param name="name">Any text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public void Name(string name)
    {
        String(name);
        Byte(':');
        needsComma = false;
    }

    /// <summary>Writes a string. Half a surrogate pair becomes U+FFFD, as UTF-8 cannot hold it.</summary>
    /// <param name="text">Any text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public void String(string text)
    {
        ArgumentChecks.NotNull(text, nameof(text));
        Separate();
        Byte('"');
        ReadOnlySpan<char> rest = text.AsSpan();
        while (rest.Length > 0)
        {
            int plain = 0;
            while (plain < rest.Length && rest[plain] is >= ' ' and not '"' and not '\\')
            {
                plain++;
            }

            if (plain > 0)
            {
                Span<byte> target = output.GetSpan(Encoding.UTF8.GetMaxByteCount(plain));
                output.Advance(Encoding.UTF8.GetBytes(rest[..plain], target));
                rest = rest[plain..];
            }

            if (rest.Length > 0)
            {
                Escape(rest[0]);
                rest = rest[1..];
            }
        }

        Byte('"');
        needsComma = true;
    }

    /// <summary>Writes bytes as a string in Base64.</summary>
    /// <param name="bytes">Any bytes.</param>
    public void Base64String(ReadOnlySpan<byte> bytes)
    {
        Separate();
        Byte('"');
        Span<byte> target = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, target, out _, out int written);
        output.Advance(written);
        Byte('"');
        needsComma = true;
    }

    /// <summary>Writes a whole number.</summary>
    /// <param name="value">Any number.</param>
    public void Number(long value)
    {
        Separate();
        Span<byte> target = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, target, out int written);
        output.Advance(written);
        needsComma = true;
    }

    /// <summary>Writes a number so that it reads back as the same; see <see cref="DecimalNumber.Format"/>.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is NaN or infinite; nothing was written.</exception>
    public void Number(double value)
    {
        string text = DecimalNumber.Format(value);
        Separate();
        Ascii(text);
    }

    /// <summary>Writes true or false.</summary>
    /// <param name="value">Which.</param>
    public void Boolean(bool value)
    {
        Separate();
        Ascii(value ? "true" : "false");
    }

    private void Begin(char bracket)
    {
        Separate();
        Byte(bracket);
        needsComma = false;
    }

    private void End(char bracket)
    {
        Byte(bracket);
        needsComma = true;
    }

    private void Separate()
    {
        if (needsComma)
        {
            Byte(',');
        }
    }

    private void Escape(char c)
    {
        Byte('\\');
        switch (c)
        {
            case '"' or '\\': Byte(c); break;
            case '\n': Byte('n'); break;
            case '\r': Byte('r'); break;
            case '\t': Byte('t'); break;
            default:
                Byte('u');
                Byte('0');
                Byte('0');
                Byte((char)('0' + (c >> 4)));
                Byte("0123456789abcdef"[c & 15]);
                break;
        }
    }

    private void Ascii(string text)
    {
        foreach (char c in text)
        {
            Byte(c);
        }

        needsComma = true;
    }

    private void Byte(char ascii)
    {
        output.GetSpan(1)[0] = (byte)ascii;
        output.Advance(1);
    }
}
