using System;
using System.Runtime.InteropServices;
using FeatureAlignment.Checkpoints;

namespace FeatureAlignment.Device.Sensors;

/// <summary>Keeps doubles in checkpoints, which know floats and keep their bits: each double as two floats.</summary>
internal static class CheckpointDoubles
{
    public static void WriteDoubles(this CheckpointWriter writer, string name, ReadOnlySpan<double> values) =>
        writer.Write(name, MemoryMarshal.Cast<double, float>(values));

    public static void ReadDoubles(this CheckpointReader reader, string name, Span<double> destination) =>
        reader.ReadFloats(name, MemoryMarshal.Cast<double, float>(destination));

    public static void WriteDouble(this CheckpointWriter writer, string name, double value) =>
        writer.Write(name, BitConverter.DoubleToInt64Bits(value));

    public static double ReadDouble(this CheckpointReader reader, string name) => BitConverter.Int64BitsToDouble(reader.ReadLong(name));
}
