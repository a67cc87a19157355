using System.Diagnostics.CodeAnalysis;

namespace Recipes.Engine.Content.Tar;

/// <summary>
/// Reads a tar archive member by member: POSIX (ustar, pax), GNU and older. What it cannot read rightly is a member of
/// the kind <see cref="TarKind.Unreadable"/>, or damage; nothing is taken for something else.
/// </summary>
/// <param name="archive">Not closed.</param>
/// <remarks>
/// See IEEE Std 1003.1, <c>pax</c>; "Tar Internals" in GNU tar's manual; and <c>docs/decisions/0013</c> for why it is
/// our own.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The content owns nothing: the archive is the caller's.")]
internal sealed class TarArchive(Stream archive)
{
    /// <summary>In bytes, of an extended header or a long name; a path of a file system has 4,096 at most.</summary>
    public const int MaxHeader = 1 << 20;

    private readonly TarContent content = new(archive);
    private string? last;

    /// <summary>The next member; null at the end.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, or no tar archive.</exception>
    public TarMember? Next() => NextAsync(isAsync: false, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>The next member; null at the end.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, or no tar archive.</exception>
    public Task<TarMember?> NextAsync(CancellationToken cancellationToken) =>
        NextAsync(isAsync: true, cancellationToken);

    private async Task<TarMember?> NextAsync(bool isAsync, CancellationToken cancellationToken)
    {
        await content.PassAsync(isAsync, cancellationToken);
        try
        {
            var member = await ReadAsync(isAsync, cancellationToken);
            last = member?.Name ?? last;
            return member;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OverflowException)
        {
            throw Damaged(e);
        }
    }

    private async Task<TarMember?> ReadAsync(bool isAsync, CancellationToken cancellationToken)
    {
        var extension = new TarExtension();
        while (await content.BlockAsync(isAsync, cancellationToken) is { } block)
        {
            // What follows a block of zeros is no part of the archive, for tar and for others.
            if (!block.AsSpan().ContainsAnyExcept((byte)0))
                return extension.IsEmpty ? null : throw new EndOfStreamException();
            if (!TarFields.IsHeader(block))
                throw new InvalidDataException("its header has another checksum");
            var header = new TarBlock(block);
            if (header.IsExtension)
                extension.Add(header.Type, await BodyAsync(header, isAsync, cancellationToken));
            else if (header.Type == TarBlock.Label)
                content.Start(header.Size);
            else
                return await MemberAsync(header, extension, isAsync, cancellationToken);
        }
        return extension.IsEmpty ? null : throw new EndOfStreamException();
    }

    private Task<byte[]> BodyAsync(TarBlock header, bool isAsync, CancellationToken cancellationToken)
    {
        if (header.Size > MaxHeader)
            throw new InvalidDataException($"its extended header is longer than {MaxHeader} bytes");
        content.Start(header.Size);
        return content.BytesAsync((int)header.Size, isAsync, cancellationToken);
    }

    private async Task<TarMember> MemberAsync(
        TarBlock header,
        TarExtension extension,
        bool isAsync,
        CancellationToken cancellationToken
    )
    {
        var (stored, map) = (extension.Size ?? header.Size, (SparseMap?)null);
        var member = extension.Extend(header.ToMember());
        if (header.Type == TarBlock.OldSparse && member.Kind == TarKind.File)
        {
            var parts = await OldMapAsync(header, isAsync, cancellationToken);
            map = SparseMap.Create(extension.RealSize ?? header.RealSize, parts, stored);
        }
        content.Start(header.HasContent ? stored : 0, member.Name);
        if (member.Kind == TarKind.File && extension.IsSparse)
        {
            var parts = extension.Parts ?? await InnerMapAsync(isAsync, cancellationToken);
            map = SparseMap.Create(extension.RequireRealSize(), parts, content.Left);
        }
        if (member.Kind != TarKind.File)
            return member;
        return member with
        {
            Length = map?.Length ?? stored,
            Holes = map is null ? 0 : map.Length - content.Left,
            Offset = content.Offset,
            Content = map is null ? content : new SparseStream(content, map),
        };
    }

    /// <summary>The map of GNU's first format: in the header, and in blocks after it.</summary>
    private async Task<List<(long Offset, long Length)>> OldMapAsync(
        TarBlock header,
        bool isAsync,
        CancellationToken cancellationToken
    )
    {
        var parts = new List<(long Offset, long Length)>();
        for (var hasMore = header.AddParts(parts); hasMore; )
        {
            SparseMap.CheckCount(parts.Count);
            var block = await content.BlockAsync(isAsync, cancellationToken) ?? throw new EndOfStreamException();
            hasMore = TarBlock.AddMoreParts(block, parts);
        }
        return parts;
    }

    /// <summary>The map of version 1.0: in the first blocks of the content.</summary>
    private async Task<IEnumerable<(long Offset, long Length)>> InnerMapAsync(
        bool isAsync,
        CancellationToken cancellationToken
    )
    {
        var map = new SparseMapText();
        while (!map.Add(await content.BytesAsync(TarHeader.BlockSize, isAsync, cancellationToken))) { }
        return map.Parts;
    }

    private InvalidDataException Damaged(Exception e)
    {
        var place = last is null ? "its first entry" : $"the entry after '{Excerpt.Of(last)}'";
        var reason = e switch
        {
            EndOfStreamException => "is cut off",
            OverflowException => "has a number out of range in its header",
            _ => $"is damaged: {e.Message.TrimEnd('.')}",
        };
        return new($"{place} {reason}", e);
    }
}
