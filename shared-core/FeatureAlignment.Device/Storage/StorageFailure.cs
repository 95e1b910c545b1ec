using System;
using System.IO;

namespace FeatureAlignment.Device.Storage;

/// <summary>What a storage throws when it is ill, full or gone: the application goes on without it and tries again.</summary>
internal static class StorageFailure
{
    public static bool Is(Exception fault) => fault is IOException or UnauthorizedAccessException;
}
