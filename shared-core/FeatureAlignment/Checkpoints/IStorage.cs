using System.Collections.Generic;
using System.IO;

namespace FeatureAlignment.Checkpoints;

/// <summary>
/// A flat folder of named files on a medium that may lose power at any moment: a directory, a flash file system, a fake. It has the
/// operations that the safety of a checkpoint is argued from, and no others; a test can fail each of them.
/// </summary>
/// <remarks>
/// What survives a power cut: everything up to the last <see cref="Flush"/> that returned. Of what came later any part may be missing:
/// bytes of a file from any position on, and any combination of creations, renames and deletions. A rename is never seen half done
/// other than as both names at once. Every failure is an <see cref="IOException"/> or <see cref="System.UnauthorizedAccessException"/>.
/// </remarks>
public interface IStorage
{
    /// <summary>Names of all files, in no particular order.</summary>
    /// <returns>A list of its own; later operations do not change it.</returns>
    IReadOnlyList<string> ListNames();

    /// <summary>Opens a file for reading.</summary>
    /// <param name="name">A file's name.</param>
    /// <returns>A seekable stream that the caller disposes.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    Stream OpenRead(string name);

    /// <summary>Creates a new, empty file for writing from front to back.</summary>
    /// <param name="name">A name that is not in use.</param>
    /// <returns>A stream that the caller disposes; disposing does not flush to the medium.</returns>
    /// <exception cref="IOException">The name is in use; nothing has changed.</exception>
    Stream Create(string name);

    /// <summary>
    /// Opens a working file that is read and written in place, anew if there is one: undefined content of the given length. It disappears
    /// when it is closed, and nothing in it needs to survive a power cut.
    /// </summary>
    /// <param name="name">A name that no other file has.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>A seekable stream for reading and writing that the caller disposes.</returns>
    Stream OpenScratch(string name, long length);

    /// <summary>Returns when the file's bytes and all earlier operations on the folder will survive a power cut.</summary>
    /// <param name="file">An open stream from <see cref="Create"/> of this storage.</param>
    void Flush(Stream file);

    /// <summary>Gives a file another name.</summary>
    /// <param name="name">A file's name.</param>
    /// <param name="newName">A name that is not in use.</param>
    /// <exception cref="IOException">The new name is in use; nothing has changed.</exception>
    void Rename(string name, string newName);

    /// <summary>Deletes a file.</summary>
    /// <param name="name">A file's name; nothing happens when there is none.</param>
    void Delete(string name);
}
