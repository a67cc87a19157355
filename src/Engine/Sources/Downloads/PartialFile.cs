using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>
/// The bytes of a download that are here so far (<c>tmp/downloads/KEY.part</c> in the store) and where they came from.
/// They outlive the process, so that a later one can go on. One process at a time has them, by a lock on a second file.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The error of a file that another process has open: EWOULDBLOCK of flock(2).</summary>
    private const int Locked = 11;

    private readonly FileStream origin;

    private PartialFile(string path, FileStream origin)
    {
        (Path, this.origin) = (path, origin);
        using var reader = new StreamReader(origin, Encoding.UTF8, leaveOpen: true);
        (Url, Validator) = (reader.ReadLine() ?? "", reader.ReadLine() ?? "");
    }

    public string Path { get; }

    /// <summary>Where the bytes came from last; empty if nowhere.</summary>
    public string Url { get; private set; }

    /// <summary>
    /// The server's name for that version of the file (a strong ETag or a date); empty if it gave none.
    /// </summary>
    public string Validator { get; private set; }

    /// <summary>How many bytes are here.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>Waits until no other process works on the same download.</summary>
    public static async Task<PartialFile> OpenAsync(ContentStore store, string key, CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.Join(store.Root, "tmp", "downloads");
        Directory.CreateDirectory(folder);
        var path = System.IO.Path.Join(folder, key + ".part");
        while (true)
        {
            try
            {
                return new(
                    path,
                    new FileStream(path + ".origin", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
                );
            }
            // Waiting is for another process alone: whatever else is wrong will be so the next time.
            catch (IOException e) when (e.HResult == Locked)
            {
                await Task.Delay(LockInterval, cancellationToken);
            }
        }
    }

    /// <summary>Remembers where the bytes that come next are from.</summary>
    public void SetOrigin(string url, string validator)
    {
        (Url, Validator) = (url, validator);
        origin.SetLength(0);
        origin.Write(Encoding.UTF8.GetBytes($"{url}\n{validator}\n"));
        origin.Flush();
    }

    /// <summary>Opens the file to add bytes at an offset; what is behind it is dropped.</summary>
    public FileStream Append(long offset)
    {
        var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.SetLength(offset);
        file.Position = offset;
        return file;
    }

    /// <summary>Deletes the bytes.</summary>
    public void Discard()
    {
        File.Delete(Path);
        SetOrigin("", "");
    }

    /// <summary>Lets go of the lock; the bytes stay.</summary>
    public void Dispose() => origin.Dispose();
}
