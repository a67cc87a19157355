using System.IO.MemoryMappedFiles;
using Recipes.Engine.Content;

namespace Recipes.Engine.Inspection;

/// <summary>
/// The bytes of a file that nobody changes meanwhile, such as one of the store's, without copying them.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? map;
    private readonly MemoryMappedViewAccessor? view;
    private readonly byte* start;
    private readonly int length;

    private MappedFile(FileStream stream)
    {
        // The kernel maps no empty file. Beyond 2 GiB nothing is looked at.
        length = (int)Math.Min(stream.Length, int.MaxValue);
        if (length == 0)
            return;
        map = MemoryMappedFile.CreateFromFile(
            stream,
            null,
            0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: true
        );
        view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <summary>All bytes, until disposal.</summary>
    public ReadOnlySpan<byte> Bytes => new(start, length);

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        using var stream = new FileStream(Posix.OpenFile(path), FileAccess.Read, 0);
        return new(stream);
    }

    public void Dispose()
    {
        if (view is not null)
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
        map?.Dispose();
    }
}
