using Microsoft.Win32.SafeHandles;

namespace Recipes.Engine.Sandboxes.Terminal;

/// <summary>This process's standard streams as they are: those of <see cref="Console"/> edit lines and set a terminal's modes.</summary>
internal static class CallerStreams
{
    /// <summary>Standard input.</summary>
    public static FileStream Input() => Open(0, FileAccess.Read);

    /// <summary>Standard output.</summary>
    public static FileStream Output() => Open(1, FileAccess.Write);

    /// <summary>Standard error.</summary>
    public static FileStream Error() => Open(2, FileAccess.Write);

    private static FileStream Open(int descriptor, FileAccess access) => new(new SafeFileHandle(descriptor, ownsHandle: false), access, 0);
}
