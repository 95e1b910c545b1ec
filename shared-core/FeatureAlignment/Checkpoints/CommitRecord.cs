using System.Collections.Generic;

namespace FeatureAlignment.Checkpoints;

/// <summary>The first fields of a commit record: the generation's number and its files. The caller's position follows.</summary>
internal static class CommitRecord
{
    public const string Kind = "commit";

    public static void Write(CheckpointWriter writer, long number, List<CheckpointFile> files)
    {
        writer.Write("generation", number);
        writer.Write("files", files.Count);
        foreach (CheckpointFile file in files)
        {
            writer.Write("name", file.Name);
            writer.Write("number", file.Number);
            writer.Write("length", file.Length);
            writer.Write("checksum", file.Checksum);
        }
    }

    public static List<CheckpointFile> Read(CheckpointReader reader, long expectedNumber)
    {
        long number = reader.ReadLong("generation");
        if (number != expectedNumber)
        {
            throw new CheckpointFormatException(
                reader.FileName, $"generation {expectedNumber} expected, {number} found; give the file its own name back.");
        }
        int count = reader.ReadInt("files");
        var files = new List<CheckpointFile>();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString("name");
            if (!CheckpointFileName.IsPart(name))
            {
                throw new CheckpointFormatException(reader.FileName, $"a file's name of a-z, 0-9 and '-' expected; '{name}' found.");
            }

            files.Add(new CheckpointFile(name, reader.ReadLong("number"), reader.ReadLong("length"), reader.ReadUInt("checksum")));
        }
        return files;
    }
}
