using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Sources.Archives;

/// <summary>How to read an archive.</summary>
internal sealed record UnpackRequest
{
    /// <summary>For messages: the archive's file name.</summary>
    public required string Label { get; init; }

    /// <summary>The archive's path.</summary>
    public required string Archive { get; init; }

    /// <summary>An existing empty folder.</summary>
    public required string Destination { get; init; }

    /// <summary>Glob of an archive inside the archive, or null.</summary>
    public string? Inner { get; init; }

    /// <summary>Further archives, each laid into a folder of its own of the same tree.</summary>
    public ImmutableArray<FurtherPart> Further { get; init; } = [];

    /// <summary>Globs of the paths to keep, below the top folder; empty keeps all.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>Globs of the paths to leave out of those.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>The most that is unpacked.</summary>
    public SourceLimits Limits { get; init; } = new();
}

/// <summary>A further archive of the same source.</summary>
/// <param name="Label">For messages: its file name.</param>
/// <param name="Archive">Its path.</param>
/// <param name="Into">The folder that it is laid into, which no other archive has.</param>
internal sealed record FurtherPart(string Label, string Archive, string Into);
