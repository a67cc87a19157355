using System.Runtime.InteropServices;
using Xunit;

namespace Recipes.Engine.Tests.Content;

/// <summary>Sets extended attributes as a build may.</summary>
internal static partial class FileAttribute
{
    public static void Set(string path, string name)
    {
        if (SetXattr(path, name, "y"u8.ToArray(), 1, 0) != 0)
            Assert.Fail($"The attribute cannot be set: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetXattr(string path, string name, byte[] value, nint size, int flags);
}
