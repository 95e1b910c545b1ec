using System;
using System.IO;
using FeatureAlignment.Checkpoints;
using FeatureAlignment.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Checkpoints;

public class FolderStorageTests
{
    [Test]
    public void File_WrittenFlushedRenamed_IsReadBack()
    {
        FolderStorage storage = FolderStorage.OpenExisting(TestFolder.New());
        Write(storage, "a.tmp", 7);
        storage.Rename("a.tmp", "a.lfa");
        Assert.That(storage.ListNames(), Is.EqualTo(new[] { "a.lfa" }));
        using Stream read = storage.OpenRead("a.lfa");
        Assert.That(read.ReadByte(), Is.EqualTo(7));
    }

    [Test]
    public void ListNames_DoesNotListFolders()
    {
        FolderStorage storage = FolderStorage.OpenExisting(TestFolder.New());
        Directory.CreateDirectory(Path.Combine(storage.Path, "folder"));
        Assert.That(storage.ListNames(), Is.Empty);
    }

    [Test]
    public void Create_NameInUse_ThrowsAndKeepsTheFile()
    {
        FolderStorage storage = FolderStorage.OpenExisting(TestFolder.New());
        Write(storage, "a.lfa", 7);
        Assert.That(() => storage.Create("a.lfa"), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllBytes(Path.Combine(storage.Path, "a.lfa")), Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public void Rename_NameInUse_ThrowsAndKeepsBoth()
    {
        FolderStorage storage = FolderStorage.OpenExisting(TestFolder.New());
        Write(storage, "a.lfa", 7);
        Write(storage, "a.tmp", 8);
        Assert.That(() => storage.Rename("a.tmp", "a.lfa"), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllBytes(Path.Combine(storage.Path, "a.lfa")), Is.EqualTo(new byte[] { 7 }));
        Assert.That(storage.ListNames(), Has.Count.EqualTo(2));
    }

    [Test]
    public void OpenRead_NoSuchFile_Throws()
    {
        FolderStorage storage = FolderStorage.OpenExisting(TestFolder.New());
        Assert.That(() => storage.OpenRead("a.lfa"), Throws.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void Delete_NoSuchFile_DoesNothing()
    {
        FolderStorage storage = FolderStorage.OpenExisting(TestFolder.New());
        Assert.That(() => storage.Delete("a.lfa"), Throws.Nothing);
    }

    [Test]
    public void Name_WithFolder_Throws([Values("", ".", "..", "../a", "b/a", "b\\a")] string name)
    {
        FolderStorage storage = FolderStorage.OpenExisting(TestFolder.New());
        Assert.That(() => storage.Delete(name), Throws.ArgumentException);
    }

    [Test]
    public void Flush_ForeignStream_Throws()
    {
        FolderStorage storage = FolderStorage.OpenExisting(TestFolder.New());
        Assert.That(() => storage.Flush(new MemoryStream()), Throws.ArgumentException);
    }

    [Test]
    public void OpenExisting_FolderMissing_NamesIt()
    {
        string missing = Path.Combine(TestFolder.New(), "missing");
        Assert.That(
            () => FolderStorage.OpenExisting(missing), Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains(missing));
    }

    [Test]
    public void OpenOrCreate_FolderMissing_CreatesItWithParents()
    {
        string missing = Path.Combine(TestFolder.New(), "run", "checkpoint");
        Assert.That(FolderStorage.OpenOrCreate(missing).ListNames(), Is.Empty);
    }

    [Test]
    public void OpenOrCreate_FileInThePlace_NamesIt()
    {
        string path = Path.Combine(TestFolder.New(), "file");
        File.WriteAllText(path, "");
        Assert.That(() => FolderStorage.OpenOrCreate(path), Throws.InstanceOf<IOException>().With.Message.Contains(path));
        Assert.That(
            () => FolderStorage.OpenOrCreate(Path.Combine(path, "run")), Throws.InstanceOf<IOException>().With.Message.Contains(path));
    }

    [Test]
    public void WithoutPermission_CreationAndWritingFailClearly()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Needs permissions that apply to the user who runs the tests: Unix, not root.");
            return;
        }
        string folder = TestFolder.New();
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.That(
                () => FolderStorage.OpenOrCreate(Path.Combine(folder, "run")),
                Throws.InstanceOf<IOException>().With.Message.Contains(folder));
            Assert.That(
                () => CheckpointScript.Commit(new CheckpointStore(FolderStorage.OpenExisting(folder)), 1, "+layer-0"),
                Throws.InstanceOf<IOException>().With.Message.Contains("Checkpoint 1 could not be written"));
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Write(FolderStorage storage, string name, byte value)
    {
        using Stream file = storage.Create(name);
        file.Write(new[] { value }, 0, 1);
        storage.Flush(file);
    }
}
