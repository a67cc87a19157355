using Recipes.Engine;
using Recipes.Engine.Model;

namespace Recipes.Cli.Output;

/// <summary>Writes errors and diagnostics, coloured on terminals only.</summary>
internal static class ErrorWriter
{
    /// <summary><c>error: message</c>, to the error stream.</summary>
    public static void Write(CliHost host, MessageText message) =>
        host.Error.WriteLine(Sgr.Red(host.ErrorHasStyle, "error:") + " " + Printable.Lines(RemedyWords.Of(message)));

    /// <summary><c>warning: message</c>, to the error stream.</summary>
    public static void Warn(CliHost host, MessageText message) =>
        host.Error.WriteLine(
            Sgr.Yellow(host.ErrorHasStyle, "warning:") + " " + Printable.Lines(RemedyWords.Of(message))
        );

    /// <summary>Every fault as <c>file:line:column: error: …</c> with its line and a caret.</summary>
    public static void Write(TextWriter writer, bool styled, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
            writer.WriteLine(styled ? Styled(diagnostic) : Printable.Lines(RemedyWords.Of(diagnostic.ToText())));
    }

    /// <summary>A fault of this program: the details go to a file, for a report.</summary>
    public static void WriteInternal(CliHost host, Exception failure)
    {
        var file = Path.Combine(Path.GetTempPath(), $"recipes-error-{Guid.NewGuid():N}.txt");
        try
        {
            File.WriteAllText(file, failure.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file = $"nowhere ({e.Message})";
        }
        Write(host, $"internal error: {failure.Message}; please report it; details in {file}");
    }

    private static string Styled(Diagnostic diagnostic)
    {
        var lines = Printable.Lines(RemedyWords.Of(diagnostic.ToText())).Split('\n');
        var (place, rest) = diagnostic.Span is { } span
            ? ($"{span}: ", lines[0][($"{span}: ".Length)..])
            : ("", lines[0]);
        lines[0] = Sgr.Bold(true, place) + Sgr.Red(true, "error:") + Sgr.Bold(true, rest["error:".Length..]);
        if (lines.Length > 2)
            lines[^1] = Sgr.Green(true, lines[^1]);
        return string.Join('\n', lines);
    }
}
