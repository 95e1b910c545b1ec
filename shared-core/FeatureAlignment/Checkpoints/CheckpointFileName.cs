using System;
using System.Globalization;

namespace FeatureAlignment.Checkpoints;

/// <summary>A name of the store, <c>part.number.lfa</c> or, until it is whole, <c>part.number.tmp</c>.</summary>
internal readonly struct CheckpointFileName
{
    public const string CommitRecord = "checkpoint";

    private const int MaximumPartLength = 40;
    private const int MaximumDigits = 18; // a long, and the next number still is one
    private const string WholeExtension = ".lfa";
    private const string TemporaryExtension = ".tmp";

    private CheckpointFileName(string part, long number, bool isTemporary)
    {
        Part = part;
        Number = number;
        IsTemporary = isTemporary;
    }

    public string Part { get; }

    public long Number { get; }

    public bool IsTemporary { get; }

    public bool IsCommitRecord => Part == CommitRecord && !IsTemporary;

    public static string Whole(string part, long number) => Format(part, number) + WholeExtension;

    public static string Temporary(string part, long number) => Format(part, number) + TemporaryExtension;

    /// <summary>Lower-case letters, digits and '-': distinct on file systems that do not tell upper from lower case, too.</summary>
    public static bool IsPart(string text)
    {
        if (text.Length == 0 || text.Length > MaximumPartLength)
        {
            return false;
        }

        foreach (char c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Recognises exactly what <see cref="Whole"/> and <see cref="Temporary"/> form; other files are not the store's.</summary>
    public static bool TryParse(string fileName, out CheckpointFileName name)
    {
        name = default;
        bool isTemporary = fileName.EndsWith(TemporaryExtension, StringComparison.Ordinal);
        if (!isTemporary && !fileName.EndsWith(WholeExtension, StringComparison.Ordinal))
        {
            return false;
        }

        int dot = fileName.IndexOf('.', StringComparison.Ordinal);
        int digits = fileName.Length - WholeExtension.Length - dot - 1;
        if (digits is <= 0 or > MaximumDigits
            || !long.TryParse(fileName.AsSpan(dot + 1, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || !IsPart(fileName.Substring(0, dot)))
        {
            return false;
        }
        name = new CheckpointFileName(fileName.Substring(0, dot), number, isTemporary);
        return fileName == (isTemporary ? Temporary(name.Part, number) : Whole(name.Part, number));
    }

    private static string Format(string part, long number) => part + "." + number.ToString("D6", CultureInfo.InvariantCulture);
}
