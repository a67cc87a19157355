using System.Collections.Immutable;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Model;

/// <summary>Which part of the workspace a recipe lives in.</summary>
internal enum RecipeArea
{
    /// <summary><c>stage0/</c>: seeds.</summary>
    Stage0,

    /// <summary><c>toolchain/</c>: what turns the seed into our own compiler.</summary>
    Toolchain,

    /// <summary><c>pkgs/</c>: packages and images.</summary>
    Packages,
}

/// <summary>
/// One <c>recipe.toml</c>, checked: a <see cref="PackageRecipe"/>, <see cref="ImageRecipe"/>, <see cref="SeedRecipe"/>,
/// <see cref="StackRecipe"/> or <see cref="SourceRecipe"/>. The format is described in <c>docs/recipe.md</c>.
/// </summary>
internal abstract record Recipe
{
    private protected Recipe() { }

    /// <summary>The folder's name; unique in the workspace.</summary>
    public required string Name { get; init; }

    /// <summary>Where the name is written.</summary>
    public required SourceSpan NameSpan { get; init; }

    /// <summary>
    /// Upstream's version; of an image with <c>version-from</c>, that package's. Null where none is given.
    /// </summary>
    public string? Version { get; init; }

    /// <summary>One line.</summary>
    public string Summary { get; init; } = "";

    /// <summary>An SPDX expression, or null.</summary>
    public string? License { get; init; }

    /// <summary>A URL, or null.</summary>
    public string? Homepage { get; init; }

    /// <summary>The part of the workspace it lives in.</summary>
    public required RecipeArea Area { get; init; }

    /// <summary>The collection it is from; null for the workspace's own.</summary>
    public Collection? Collection { get; init; }

    /// <summary>The collection whose recipe of the same name it takes the place of, as written; or null.</summary>
    public RecipeReference? Replaces { get; init; }

    /// <summary>The folder's absolute path.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Relative to the workspace: <c>pkgs/zlib/recipe.toml</c>, <c>collections/base/pkgs/zlib/recipe.toml</c>.
    /// </summary>
    public required string File { get; init; }

    /// <summary>Its kind with an article, for messages: <c>a package</c>.</summary>
    internal abstract string Kind { get; }

    /// <summary>
    /// <c>[source]</c>, of whichever kind: its own, or that of the recipe it builds <c>from</c>. Null where there is
    /// none.
    /// </summary>
    public SourceSpec? WrittenSource =>
        this switch
        {
            PackageRecipe package => package.Source,
            SourceRecipe source => source.Source,
            _ => null,
        };

    /// <summary>
    /// The source of its own; null where it has none, so also where it builds <c>from</c> that of another.
    /// </summary>
    public OwnSource? OwnSource =>
        WrittenSource is { From: null, Archive: not null } or { From: null, Git: not null }
            ? new(this, WrittenSource)
            : null;

    /// <summary>
    /// The folder of the workspace that it is built from; null where its source is pinned in the lock, or it has none.
    /// </summary>
    public string? CodeFolder => WrittenSource is { From: null, Path: { } path } ? path : null;

    /// <summary>The folder made outside that is its source; null where its source is another, or it has none.</summary>
    public ArtifactSource? Artifact =>
        WrittenSource is { From: null, Artifact: { } folder } ? new(this, WrittenSource, folder) : null;

    /// <summary>True if it has a source that others can build from: pinned, own code, or made outside.</summary>
    public bool HasSource => OwnSource is not null || CodeFolder is not null || Artifact is not null;

    /// <summary>True if the lock of its workspace has a pin of it.</summary>
    public bool IsLocked => this is SeedRecipe || OwnSource is not null || Artifact is not null;

    /// <summary>It with its test; null where it has none.</summary>
    public TestedRecipe? Tested =>
        this switch
        {
            PackageRecipe { Test: { } test } => new(this, test),
            ImageRecipe { Test: { } test } => new(this, test),
            _ => null,
        };

    /// <summary>The source of its own.</summary>
    /// <exception cref="EngineException">It has none; the message says whose source was perhaps meant.</exception>
    public OwnSource RequireSource() => OwnSource ?? throw new EngineException(WhyNoSource());

    /// <summary>The recipe itself, which its lock has a pin of.</summary>
    /// <exception cref="EngineException">There is nothing to pin; the message says why.</exception>
    public Recipe RequireLocked() => IsLocked ? this : throw new EngineException(WhyNoSource());

    private MessageText WhyNoSource() =>
        CodeFolder is { } folder
            ? $"'{Name}' is built from what the workspace's own repository has in '{folder}', which no lock pins"
        : Artifact is { } artifact
            ? (MessageText)$"'{Name}' is prebuilt: its source is made outside, in '{artifact.Folder}', and has no "
                + $"upstream; to pin what is there now, {new Remedy(RemedyKind.LockAnew, Name)}"
        : WrittenSource?.From is { } from ? $"'{Name}' builds from the source of '{from.Name}'; name that recipe"
        : this is SeedRecipe
            ? (MessageText)$"'{Name}' is a seed and has no source; to pin its packages anew, "
                + $"{new Remedy(RemedyKind.LockAnew, Name)}"
        : this is ImageRecipe ? $"'{Name}' is an image and has no source; name a package that it includes"
        : $"'{Name}' has no source ({File} has no [source])";
}

/// <summary>The name of another recipe, as written in a recipe.</summary>
internal sealed record RecipeReference(string Name, SourceSpan? Span);

/// <summary><c>[source]</c>.</summary>
internal sealed record SourceSpec
{
    /// <summary>Of the table.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary>
    /// URL of the release archive with <c>{version}</c> and <c>{name}</c> filled in; null for git and shared sources.
    /// </summary>
    public string? Archive { get; init; }

    /// <summary>Other places of the same bytes: URLs, or <c>debian:pool/…</c>; templates filled in.</summary>
    public ImmutableArray<string> Mirrors { get; init; } = [];

    /// <summary>Glob of an archive inside the archive.</summary>
    public string? Inner { get; init; }

    /// <summary>Further archives that are parts of the same source.</summary>
    public ImmutableArray<FurtherArchive> Also { get; init; } = [];

    /// <summary>Upstream's git repository.</summary>
    public string? Git { get; init; }

    /// <summary>The tag to pin, template filled in.</summary>
    public string? Tag { get; init; }

    /// <summary>
    /// A folder of the workspace whose files, as the workspace's own repository has them, are the source: relative, or
    /// <c>.</c>; null for what is pinned in the lock.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// A folder of the workspace that was made outside and is taken as it is; relative. Null for any other source.
    /// </summary>
    public string? Artifact { get; init; }

    /// <summary>Globs of the paths to keep; empty keeps all.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>Globs of the paths to leave out of those.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>How much it may be.</summary>
    public SourceLimits Limits { get; init; } = new();

    /// <summary>Names of patch files in the recipe's folder, in order.</summary>
    public ImmutableArray<string> Patches { get; init; } = [];

    /// <summary>How many leading folders of the names in patches are dropped, as with <c>patch -p</c>.</summary>
    public int Strip { get; init; } = UsualStrip;

    /// <summary>That of git and diff: names begin with <c>a/</c> and <c>b/</c>.</summary>
    public const int UsualStrip = 1;

    /// <summary>The recipe whose source this one builds from, instead of one of its own.</summary>
    public RecipeReference? From { get; init; }

    /// <summary>Directory in the source → recipe whose source is laid there.</summary>
    public ImmutableSortedDictionary<string, RecipeReference> Include { get; init; } =
        ImmutableSortedDictionary.Create<string, RecipeReference>(StringComparer.Ordinal);
}

/// <summary><c>[[source.also]]</c>: an archive that is laid into a folder of the source.</summary>
/// <param name="Archive">Its URL, template filled in.</param>
/// <param name="Mirrors">Other places of the same bytes.</param>
/// <param name="Into">The folder, which the source does not have otherwise.</param>
internal sealed record FurtherArchive(string Archive, ImmutableArray<string> Mirrors, string Into);

/// <summary><c>[source.limits]</c>: past them, a source is taken for a bomb and not imported.</summary>
/// <param name="Bytes">The unpacked archive, with its headers.</param>
/// <param name="Entries">Files, folders and links.</param>
/// <param name="HasRatio">False where the recipe states a size: then it knows what it unpacks.</param>
internal sealed record SourceLimits(long Bytes = 8L << 30, int Entries = 1_000_000, bool HasRatio = true)
{
    /// <summary>
    /// Where a recipe says nothing, an archive unpacks to so many times its size at most; sources reach 20.
    /// </summary>
    public const int UsualRatio = 500;

    /// <summary>Whatever the ratio, so much may be unpacked: small archives may hold little but zeros.</summary>
    public const long AnyRatioBytes = 32L << 20;

    /// <summary>The most bytes that an archive of some size may unpack to.</summary>
    /// <param name="packed">In bytes.</param>
    public long BytesOf(long packed) =>
        HasRatio ? Math.Min(Bytes, Math.Max(AnyRatioBytes, UsualRatio * packed)) : Bytes;
}

/// <summary>What becomes of names that the build gave to one file: <c>[build] hard-links</c>.</summary>
internal enum HardLinkTreatment
{
    /// <summary>They are one file in a layer, too.</summary>
    Keep,

    /// <summary>All but the first become symbolic links to it.</summary>
    Symlink,
}

/// <summary><c>[build]</c>.</summary>
internal sealed record BuildSpec
{
    /// <summary>Of the table; null for a recipe that was not read from a file.</summary>
    public SourceSpan? Span { get; init; }

    /// <summary>The seed or package that the build root starts from.</summary>
    public required RecipeReference Base { get; init; }

    /// <summary>The recipe whose <c>[build]</c> it takes over where it says nothing itself; or null.</summary>
    public RecipeReference? Like { get; init; }

    /// <summary>
    /// What the recipe says it needs: outputs of the build root; a bare name is <c>main</c>, <c>dev</c> and default
    /// <c>tools</c>.
    /// </summary>
    public ImmutableArray<OutputReference> Needs { get; init; } = [];

    /// <summary>What it needs, and what its build system does.</summary>
    public ImmutableArray<OutputReference> AllNeeds =>
        System is { Needs.IsEmpty: false } system
            ? [.. Needs.Concat(system.Needs).DistinctBy(x => x.ToString(), StringComparer.Ordinal)]
            : Needs;

    /// <summary>The build system; null where the recipe writes every step.</summary>
    public BuildSystem? System { get; init; }

    /// <summary>Step name → further arguments of what the build system runs there.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Arguments { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>
    /// Variables of the build system that it sets, and its own. Where there are any, its own steps are filled in like
    /// those of the system.
    /// </summary>
    public ImmutableSortedDictionary<string, VariableValue> Variables { get; init; } =
        ImmutableSortedDictionary.Create<string, VariableValue>(StringComparer.Ordinal);

    /// <summary>Build in <c>/tmp/objects</c>.</summary>
    public bool OutOfTree { get; init; }

    /// <summary>Why it makes namespaces of its own; null if it may not.</summary>
    public string? NamespacesReason { get; init; }

    /// <summary>Strip ELF files at the end.</summary>
    public bool Strip { get; init; } = true;

    /// <summary>What becomes of hard links at the end.</summary>
    public HardLinkTreatment HardLinks { get; init; }

    /// <summary>Further variables of the environment, those of the build system among them.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The package whose outputs take the place of this one's in run-time closures.</summary>
    public RecipeReference? StandsFor { get; init; }

    /// <summary>The names of the steps, in the order in which they run.</summary>
    public static ImmutableArray<string> StepNames { get; } = ["prepare", "configure", "compile", "install"];

    /// <summary>Step name → script in place of the build system's.</summary>
    public ImmutableSortedDictionary<string, StepScript> Steps { get; init; } =
        ImmutableSortedDictionary.Create<string, StepScript>(StringComparer.Ordinal);

    /// <summary>Limits of the build.</summary>
    public BuildLimits Limits { get; init; } = new();
}

/// <summary><c>[build.limits]</c>; null where none is set.</summary>
/// <param name="MemoryBytes">Main memory.</param>
/// <param name="Time">Wall time.</param>
/// <param name="Processes">Processes at once.</param>
internal sealed record BuildLimits(long? MemoryBytes = null, TimeSpan? Time = null, int? Processes = null);

/// <summary>One output of a package.</summary>
internal sealed record OutputSpec
{
    /// <summary>Such as <c>main</c>, <c>dev</c>, <c>server</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Globs of its files. <c>main</c> also takes what no output matches; where it is not written, it has none. Of the
    /// default <c>dev</c>, <c>usr/lib/*.so</c> means symbolic links alone.
    /// </summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Run-time needs that no scan can see.</summary>
    public ImmutableArray<OutputReference> Requires { get; init; } = [];

    /// <summary>
    /// Where another package has the same path, its file is taken and the one of this output left out.
    /// </summary>
    public bool Yields { get; init; }

    /// <summary>Where it is written; null for a default output, which may come out empty.</summary>
    public SourceSpan? Span { get; init; }
}

/// <summary><c>[[permissions]]</c>: applied when a layer is written.</summary>
/// <param name="Path">A glob.</param>
/// <param name="Mode">Permission bits with setuid, setgid and sticky; null keeps 0755 or 0644.</param>
/// <param name="Uid">Numeric owner.</param>
/// <param name="Gid">Numeric group.</param>
internal sealed record PermissionSpec(string Path, int? Mode, int Uid, int Gid)
{
    /// <summary>What programs may do without being root.</summary>
    public FileCapabilities Capabilities { get; init; }
}

/// <summary><c>[[waivers]]</c>.</summary>
/// <param name="Check">The check's name.</param>
/// <param name="Path">A glob of the files it lets pass.</param>
/// <param name="Reason">Why; never empty.</param>
internal sealed record WaiverSpec(string Check, string Path, string Reason);

/// <summary><c>[test]</c>.</summary>
internal sealed record TestSpec(string Script, ImmutableArray<OutputReference> Needs);

/// <summary><c>[seed]</c>: a root filesystem of Debian packages.</summary>
internal sealed record SeedSpec
{
    /// <summary>Debian suite, such as <c>bookworm</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>Packages wanted; what they depend on is resolved when locking.</summary>
    public required ImmutableArray<string> Packages { get; init; }

    /// <summary>Packages never taken.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Path → target of links that maintainer scripts would have made.</summary>
    public ImmutableSortedDictionary<string, string> Links { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
