using System.Runtime.CompilerServices;
using Xunit;

namespace Recipes.Engine.Tests;

/// <summary>Compares with a file beside the tests; <c>ACCEPT=1</c> rewrites the file instead.</summary>
internal static class Golden
{
    public static void Matches(string name, string actual, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        Assert.True(File.Exists(file), $"{file} is missing; look at the result and accept it with ACCEPT=1:\n{actual}");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
