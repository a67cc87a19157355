using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Archives;

/// <summary>
/// What a program of the host makes of a stream (<c>xz -dc</c>, <c>bzip2 -dc</c>), as a stream to read. It runs beside
/// the reader, on another core.
/// </summary>
internal sealed class FilterProgram : ReadOnlyStream
{
    private readonly Process process;
    private readonly Stream output;
    private readonly Task<string> errors;
    private readonly Task feeding;
    private readonly string name;
    private ExceptionDispatchInfo? failure;
    private bool ended;
    private bool disposed;

    /// <exception cref="EngineException">The program is not on this machine.</exception>
    public FilterProgram(string name, IEnumerable<string> options, Stream source)
    {
        this.name = name;
        var start = new ProcessStartInfo(name, ["-dc", .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Options from the caller's environment would change what the program does.
        start.Environment.Remove("XZ_OPT");
        start.Environment.Remove("XZ_DEFAULTS");
        start.Environment.Remove("BZIP2");
        start.Environment.Remove("BZIP");
        start.Environment.Remove("GZIP");
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw EngineException.MissingProgram(name, "to unpack an archive", e);
        }
        output = process.StandardOutput.BaseStream;
        errors = process.StandardError.ReadToEndAsync();
        feeding = Task.Factory.StartNew(
            () => Feed(source),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <exception cref="InvalidDataException">The program failed: the input is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = output.Read(buffer);
        if (read == 0 && buffer.Length > 0 && !ended)
            End();
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            // The source must not be closed by its owner while it is still read here.
            feeding.Wait();
            process.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Feed(Stream source)
    {
        try
        {
            using var input = process.StandardInput.BaseStream;
            source.CopyTo(input, 1 << 17);
        }
        catch (IOException)
        {
            // The program ended first: its exit status says why, or the reader had enough.
        }
        // Whatever the source says of an outer archive (damaged, too large), the reader throws it.
#pragma warning disable CA1031
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
#pragma warning restore CA1031
    }

    private void End()
    {
        ended = true;
        process.WaitForExit();
        feeding.Wait();
        failure?.Throw();
        if (process.ExitCode != 0)
            throw new InvalidDataException($"{name}: {errors.Result.Trim()}");
    }
}
