using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Trees;

/// <summary>
/// Writes files and computes their digests beside the thread that reads the archive. Small files go to workers; a large
/// one is streamed by the caller, so that memory stays bounded.
/// </summary>
internal sealed class FileWriters : IDisposable
{
    private const int SmallFile = 1 << 20;
    private const int QueueLength = 64;
    private const int ChunkSize = 1 << 17;

    private readonly BlockingCollection<Job> jobs = new(QueueLength);
    private readonly CancellationTokenSource stop = new();
    private readonly GitObject git = new();
    private readonly Task[] workers;

    public FileWriters(int workerCount) =>
        workers = [
            .. Enumerable
                .Range(0, workerCount)
                .Select(_ =>
                    Task.Factory.StartNew(Work, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                ),
        ];

    private sealed record Job(ImportContent Content, string? Path, bool IsExecutable, byte[] Buffer, int Length);

    /// <summary>Reads a file's bytes and sees to their being hashed and, if a path is given, written.</summary>
    /// <returns>Holds its digests after <see cref="Finish"/>.</returns>
    public ImportContent Add(Stream source, long length, string? path, bool isExecutable)
    {
        var content = new ImportContent();
        if (length > SmallFile)
        {
            Stream(source, length, path, isExecutable, content);
            return content;
        }
        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        source.ReadExactly(buffer, 0, (int)length);
        try
        {
            jobs.Add(new(content, path, isExecutable, buffer, (int)length), stop.Token);
        }
        catch (OperationCanceledException)
        {
            Finish();
        }
        return content;
    }

    /// <summary>Waits for all that was added.</summary>
    /// <exception cref="IOException">A file could not be written.</exception>
    public void Finish()
    {
        jobs.CompleteAdding();
        Task.WhenAll(workers).GetAwaiter().GetResult();
    }

    /// <summary>Ends the workers, finished or not.</summary>
    public void Dispose()
    {
        stop.Cancel();
        try
        {
            Task.WaitAll(workers);
        }
        catch (AggregateException)
        {
            // Finish reports what went wrong; a caller who did not come that far has a failure of its own.
        }
        jobs.Dispose();
        stop.Dispose();
        git.Dispose();
    }

    private void Work()
    {
        using var hash = new GitObject();
        try
        {
            foreach (var job in jobs.GetConsumingEnumerable(stop.Token))
            {
                var bytes = job.Buffer.AsSpan(0, job.Length);
                hash.Start("blob", bytes.Length);
                hash.Append(bytes);
                job.Content.GitBlob = hash.Finish();
                job.Content.Digest = Digest.Of(bytes);
                if (job.Path is not null)
                {
                    using var file = Create(job.Path, job.IsExecutable);
                    file.Write(bytes);
                }
                ArrayPool<byte>.Shared.Return(job.Buffer);
            }
        }
        catch
        {
            // The reader must not wait for a queue that nobody empties.
            stop.Cancel();
            throw;
        }
    }

    private void Stream(Stream source, long length, string? path, bool isExecutable, ImportContent content)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = path is null ? null : Create(path, isExecutable);
        var buffer = new byte[ChunkSize];
        git.Start("blob", length);
        for (var left = length; left > 0; )
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            source.ReadExactly(chunk);
            git.Append(chunk);
            sha256.AppendData(chunk);
            file?.Write(chunk);
            left -= chunk.Length;
        }
        content.GitBlob = git.Finish();
        content.Digest = Digest.FromHash(sha256.GetHashAndReset(), length);
    }

    /// <summary>Links are made last and folders by us, so no path can lead through a link.</summary>
    private static FileStream Create(string path, bool isExecutable) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                BufferSize = 0,
                UnixCreateMode = FileStamp.ModeOf(isExecutable),
            }
        );
}
