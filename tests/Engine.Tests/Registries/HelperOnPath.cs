namespace Recipes.Engine.Tests.Registries;

/// <summary>
/// A credential helper that is a shell script, found through this process's <c>PATH</c> while it lives.
/// </summary>
internal sealed class HelperOnPath : IDisposable
{
    private readonly string path = Environment.GetEnvironmentVariable("PATH") ?? "";

    public HelperOnPath(TemporaryDirectory folder, string name, string script)
    {
        var file = folder.Write($"bin/docker-credential-{name}", "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{Path.GetDirectoryName(file)}:{path}");
    }

    public void Dispose() => Environment.SetEnvironmentVariable("PATH", path);
}
