using System.Diagnostics;

namespace Recipes.Engine.Content;

/// <summary>
/// A folder for work in progress; one of a store is on its file system, so that results move into place by a rename.
/// </summary>
internal sealed class ScratchDirectory : IDisposable
{
    internal ScratchDirectory(string path) => Path = path;

    /// <summary>
    /// A new folder in the system's place for temporary files, for those who do not write to a store.
    /// </summary>
    /// <param name="prefix">Of its name.</param>
    public static ScratchDirectory CreateTemporary(string prefix) =>
        new(Directory.CreateTempSubdirectory(prefix).FullName);

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>
    /// Deletes the folder with all that is left in it; what cannot be deleted is left to the next gc.
    /// </summary>
    public void Dispose()
    {
        try
        {
            Delete(Path);
        }
        catch (EngineException)
        {
            // Nobody waits for it, and what is told now must be what the work came to.
        }
    }

    /// <summary>Deletes a folder if it is there, whatever modes and names a build has left in it.</summary>
    internal static void Delete(string path)
    {
        if (!Directory.Exists(path))
            return;
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException or ArgumentException)
        {
            // Folders that nobody may write to, names that are not UTF-8, or paths longer than the kernel takes.
            Run("chmod", "-R", "u+rwX", "--", path);
            Run("rm", "-rf", "--", path);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var message = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0 && program == "rm")
            throw new EngineException($"A scratch folder cannot be deleted: {message.Trim()}");
    }
}
