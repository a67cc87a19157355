using System.CommandLine;
using Recipes.Engine;
using Recipes.Engine.Building;

namespace Recipes.Cli.Commands;

/// <summary><c>--timeline FILE</c> of <c>build</c> and <c>compose</c>.</summary>
internal static class TimelineOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--timeline")
        {
            Description = "Draw when each build ran, the critical path and idle time, into this .svg or .html file.",
            HelpName = "FILE",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } file && Path.GetExtension(file) is not (".svg" or ".html"))
                result.AddError($"a timeline is a .svg or .html file, and '{file}' is neither");
        });
        return option;
    }

    /// <summary>The absolute path of the file, or null where none is wanted; asked for before anything is built.</summary>
    /// <exception cref="UsageException">Its folder does not exist.</exception>
    public static string? PathOf(string? file, CliHost host)
    {
        if (file is null)
            return null;
        var path = Path.GetFullPath(file, host.CurrentDirectory);
        return Directory.Exists(Path.GetDirectoryName(path))
            ? path
            : throw new UsageException($"the folder of the timeline '{file}' does not exist");
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="EngineException">It cannot be written.</exception>
    public static void Write(string path, Timeline run)
    {
        var picture = TimelinePicture.Write(run);
        var text = Path.GetExtension(path) == ".html" ? Page(picture) : picture;
        var scratch = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(scratch, text);
            File.Move(scratch, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(scratch);
            throw new EngineException($"the timeline '{path}' cannot be written: {e.Message}", e);
        }
    }

    private static string Page(string picture) =>
        $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="color-scheme" content="light dark">
            <title>recipes: when each build ran</title>
            <style>body{margin:2rem}svg{display:block;margin:auto;max-width:100%;height:auto}</style>
            {{picture}}</html>

            """;
}
