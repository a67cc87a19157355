using System.CommandLine;

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

    /// <summary>
    /// The absolute path of the file, or null where none is wanted; asked for before anything is built.
    /// </summary>
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
}
