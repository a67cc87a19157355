using System.Runtime.CompilerServices;
using Xunit;

namespace Recipes.Tests.Support;

/// <summary>Compares with a file; <c>ACCEPT=1</c> rewrites the file instead.</summary>
internal static class Golden
{
    /// <summary>True if what comes out is to be written rather than compared.</summary>
    public static bool IsAccepting => Environment.GetEnvironmentVariable("ACCEPT") == "1";

    /// <summary>Compares with a file beside the tests.</summary>
    public static void Matches(string name, string actual, [CallerFilePath] string caller = "") =>
        MatchesFile(Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name), actual);

    /// <summary>Compares with any file.</summary>
    public static void MatchesFile(string file, string actual)
    {
        if (IsAccepting)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        Assert.True(File.Exists(file), $"{file} is missing; look at the result and accept it with ACCEPT=1:\n{actual}");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
