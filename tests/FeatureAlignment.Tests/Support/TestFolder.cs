using System.IO;
using System.Linq;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Support;

/// <summary>An empty folder for the running test, below the test run's own; emptied when the test runs again.</summary>
public static class TestFolder
{
    public static string New()
    {
        char[] name = TestContext.CurrentContext.Test.FullName.Select(c => char.IsLetterOrDigit(c) ? c : '_').ToArray();
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "folders", new string(name));
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        Directory.CreateDirectory(path);
        return path;
    }
}
