using System.IO;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Tests.Detection;

/// <summary>Saves one part and restores it into another.</summary>
internal static class CheckpointBytes
{
    public static byte[] Save(ICheckpointPart part)
    {
        using var stream = new MemoryStream();
        var writer = new CheckpointWriter(stream, part.Kind);
        part.Write(writer);
        writer.Complete();
        return stream.ToArray();
    }

    public static void Restore(byte[] bytes, ICheckpointPart part)
    {
        using var stream = new MemoryStream(bytes);
        var reader = CheckpointReader.Open(stream, part.Name, part.Kind);
        part.Read(reader);
        reader.Complete();
    }
}
