using System;
using System.IO;
using Microsoft.Extensions.Logging;

namespace FeatureAlignment.DeviceApp.Board;

/// <summary>
/// Files that came over USB. <c>meadow file write</c> puts them into the root, which a deployment empties; those whose name begins with
/// <c>Data-</c> move into the data directory, without the prefix, at the next start.
/// </summary>
internal static class DroppedFiles
{
    private const string Prefix = "Data-";

    /// <summary>Moves them; one that is there already gives way. A rename writes nothing of the file again.</summary>
    public static void TakeIn(string root, string dataDirectory, ILogger logger)
    {
        try
        {
            foreach (string path in Directory.GetFiles(root, Prefix + "*"))
            {
                string target = Path.Combine(dataDirectory, Path.GetFileName(path).Substring(Prefix.Length));
                File.Delete(target);
                File.Move(path, target);
                logger.LogInformation("Took in {File}.", Path.GetFileName(target));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogError(e, "Files beginning with {Prefix} could not be moved from {Root}; write them again.", Prefix, root);
        }
    }
}
