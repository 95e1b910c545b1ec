using System;
using System.Collections.Generic;
using System.Globalization;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Storage;

/// <summary>A file named <c>kind.number.lfa</c>: a number is used once, so that nothing is ever overwritten.</summary>
internal readonly struct NumberedFile
{
    private const string Extension = ".lfa";

    private NumberedFile(string name, long number)
    {
        Name = name;
        Number = number;
    }

    public string Name { get; }

    public long Number { get; }

    public static string NameOf(string kind, long number) => kind + "." + number.ToString("D6", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The files of a kind, lowest number first. Other files are not seen.</summary>
    public static List<NumberedFile> List(IStorage storage, string kind)
    {
        var files = new List<NumberedFile>();
        foreach (string name in storage.ListNames())
        {
            int digits = name.Length - kind.Length - 1 - Extension.Length;
            if (digits <= 0)
            {
                continue;
            }

            ReadOnlySpan<char> text = name.AsSpan(kind.Length + 1, digits);
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && name == NameOf(kind, number))
            {
                files.Add(new NumberedFile(name, number));
            }
        }

        files.Sort((a, b) => a.Number.CompareTo(b.Number));
        return files;
    }
}
