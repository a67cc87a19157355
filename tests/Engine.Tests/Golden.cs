using System.Runtime.CompilerServices;
using Xunit;

namespace Recipes.Engine.Tests;

/// <summary>Expected texts in files beside the test: <c>Golden/NAME</c>. With <c>ACCEPT=1</c> they are written anew.</summary>
internal static class Golden
{
    public static void Matches(string name, string actual, [CallerFilePath] string testFile = "")
    {
        var path = Path.Join(Path.GetDirectoryName(testFile), "Golden", name);
        if (Environment.GetEnvironmentVariable("ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }
        Assert.True(File.Exists(path), $"{path} is missing; ACCEPT=1 writes it");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
