namespace Recipes.Engine.Inspection.Linking;

/// <summary>Words for what was made for the GNU C library, which no image has.</summary>
internal static class GnuProgram
{
    private const string Advice =
        "images have musl: make it for musl (such as dotnet publish -r linux-musl-x64), link it statically (such as Go "
        + "with CGO_ENABLED=0), or build it here from its source";

    /// <summary>True for the dynamic linker of the GNU C library.</summary>
    public static bool IsLinker(string interpreter) => interpreter.Contains("/ld-linux", StringComparison.Ordinal);

    /// <summary>Goes on after the path of a program whose interpreter is not there.</summary>
    /// <param name="interpreter">What it asks for.</param>
    /// <param name="verb">How it asks.</param>
    /// <param name="otherwise">What to say of any other interpreter.</param>
    public static string MissingInterpreter(string interpreter, string verb, string otherwise) =>
        IsLinker(interpreter)
            ? $"{verb} {interpreter}: it is a program for the GNU C library (glibc), and {Advice}"
            : $"{verb} {interpreter}, which {otherwise}";

    /// <summary>Goes on after what a library needs that is part of the GNU C library.</summary>
    public static string MissingLibrary => $"which is of the GNU C library (glibc), and {Advice}";
}
