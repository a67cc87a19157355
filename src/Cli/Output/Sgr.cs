namespace Recipes.Cli.Output;

/// <summary>
/// Colours of single words, as ECMA-48 SGR sequences. Lines that are set out by column, as a source line with its
/// caret, must not be wrapped by a layout engine.
/// </summary>
internal static class Sgr
{
    public static string Red(bool on, string text) => Wrap(on, "1;31", text);

    public static string Green(bool on, string text) => Wrap(on, "32", text);

    public static string Yellow(bool on, string text) => Wrap(on, "1;33", text);

    public static string Bold(bool on, string text) => Wrap(on, "1", text);

    private static string Wrap(bool on, string code, string text) => on ? $"\e[{code}m{text}\e[0m" : text;
}
