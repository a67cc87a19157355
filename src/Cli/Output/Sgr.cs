namespace Recipes.Cli.Output;

/// <summary>
/// Colours of single words, as ECMA-48 SGR sequences. Lines that are set out by column, as a source line with its caret,
/// must not be wrapped by a layout engine.
/// </summary>
internal static class Sgr
{
    /// <summary>The parameters of the colours of <see cref="StyledLine"/>.</summary>
    public const string GreenCode = "32";

    /// <inheritdoc cref="GreenCode"/>
    public const string RedCode = "1;31";

    /// <inheritdoc cref="GreenCode"/>
    public const string GreyCode = "90";

    public static string Red(bool on, string text) => Wrap(on, RedCode, text);

    public static string Green(bool on, string text) => Wrap(on, GreenCode, text);

    public static string Yellow(bool on, string text) => Wrap(on, "1;33", text);

    public static string Bold(bool on, string text) => Wrap(on, "1", text);

    /// <summary>The text between the sequence with this parameter and the one that ends it.</summary>
    public static string Wrap(string code, string text) => code.Length > 0 && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;

    private static string Wrap(bool on, string code, string text) => on ? Wrap(code, text) : text;
}
