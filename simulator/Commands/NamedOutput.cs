using System;
using System.IO;
using System.Text;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>The standard output; when it fails (closed, or a full disk behind it), the error says that it was the output.</summary>
internal sealed class NamedOutput(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Name(() => output.Write(value));

    public override void Write(char[] buffer, int index, int count) => Name(() => output.Write(buffer, index, count));

    public override void Write(string? value) => Name(() => output.Write(value));

    public override void WriteLine(string? value) => Name(() => output.WriteLine(value));

    public override void Flush() => Name(output.Flush);

    private static void Name(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Output could not be written: {exception.Message}", exception);
        }
    }
}
