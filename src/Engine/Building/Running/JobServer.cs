using System.Runtime.InteropServices;

namespace Recipes.Engine.Building.Running;

/// <summary>
/// GNU make's job server on a fifo: one token a job, shared by all running builds, so that the machine is full and
/// never much over-full. A make may run one job without a token; the engine takes that token for the build it starts.
/// </summary>
/// <remarks>See https://www.gnu.org/software/make/manual/html_node/POSIX-Jobserver.html.</remarks>
internal sealed partial class JobServer : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly string folder;
    private readonly int jobs;
    private readonly Lock gate = new();
    private FileStream fifo;
    private int running;
    private int generation;

    /// <summary>Makes a fifo with a token for each job.</summary>
    /// <param name="folder">A scratch folder of this process.</param>
    /// <param name="jobs">Jobs at once on the whole machine.</param>
    public JobServer(string folder, int jobs)
    {
        (this.folder, this.jobs) = (folder, jobs);
        File.SetUnixFileMode(folder, Private);
        (Path, fifo) = Make();
    }

    /// <summary>The fifo.</summary>
    public string Path { get; private set; }

    /// <summary>
    /// Starts a build. It does not wait: where other builds hold all tokens, this one's is taken as soon as one is
    /// free, so a build that is ready is never starved by one that always has more jobs.
    /// </summary>
    public Slot Enter()
    {
        lock (gate)
        {
            // A build that was killed took its tokens with it; nobody can tell how many.
            if (running == 0 && generation > 0)
            {
                fifo.Dispose();
                (Path, fifo) = Make();
            }
            generation++;
            running++;
            return new(this, fifo, Path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => fifo.Dispose();

    private void Leave()
    {
        lock (gate)
            running--;
    }

    private (string Path, FileStream Fifo) Make()
    {
        var path = System.IO.Path.Combine(folder, $"jobs-{generation}");
        if (MakeFifo(path, (uint)Private) != 0)
            throw new EngineException(
                $"cannot make the job server's fifo at {path}: {Marshal.GetLastPInvokeErrorMessage()}"
            );
        // The user of a container is another one, and has no capability; on this machine, nobody else can come here.
        File.SetUnixFileMode(path, Everybody);
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        stream.Write([.. Enumerable.Repeat((byte)'+', jobs)]);
        stream.Flush();
        return (path, stream);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeFifo(string path, uint mode);

    /// <summary>A running build's place.</summary>
    internal sealed class Slot : IDisposable
    {
        private readonly JobServer server;
        private readonly FileStream fifo;
        private readonly Task token;

        public Slot(JobServer server, FileStream fifo, string path)
        {
            (this.server, this.fifo, Path) = (server, fifo, path);
            // Reading a fifo blocks, and only a blocked reader gets its turn among the makes.
            token = Task.Factory.StartNew(
                Take,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }

        /// <summary>The fifo to show to the build.</summary>
        public string Path { get; }

        /// <summary>Gives the token back, now or as soon as it was got.</summary>
        public void Dispose()
        {
            token.ContinueWith(_ => GiveBack(), TaskScheduler.Default);
            server.Leave();
        }

        private void Take()
        {
            try
            {
                _ = fifo.ReadByte();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The server ended first.
            }
        }

        private void GiveBack()
        {
            try
            {
                fifo.WriteByte((byte)'+');
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The server ended first.
            }
        }
    }
}
