using Microsoft.Win32.SafeHandles;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>
/// A lock on a file of the scratch folder, held as long as the sandbox is to live. The kernel lets go of it when this
/// process dies, however it dies, and the watcher of <see cref="SandboxScripts.Around"/> then ends the sandbox.
/// </summary>
internal sealed class Lifeline : IDisposable
{
    private readonly SafeFileHandle file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="EngineException">The file system has no locks.</exception>
    public Lifeline(string scratch)
    {
        var path = Path.Join(scratch, "lifeline");
        file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (!Posix.TryLock(file, exclusive: true, wait: false))
        {
            file.Dispose();
            throw new EngineException(
                $"'{path}' cannot be locked; {new Remedy(RemedyKind.ChooseStore)} on a local file system"
            );
        }
    }

    /// <summary>Ends the sandbox, if it still runs.</summary>
    public void Dispose() => file.Dispose();
}
