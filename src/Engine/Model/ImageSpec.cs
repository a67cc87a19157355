using System.Collections.Immutable;
using System.Globalization;

namespace Recipes.Engine.Model;

/// <summary><c>[image]</c>: selected outputs and the configuration of a container.</summary>
internal sealed record ImageSpec
{
    /// <summary>Outputs; a bare name is as <see cref="OutputReference.AtRuntime"/> says.</summary>
    public ImmutableArray<OutputReference> Include { get; init; } = [];

    /// <summary>The packages in it that may be prebuilt.</summary>
    public ImmutableArray<RecipeReference> Prebuilt { get; init; } = [];

    /// <summary>Globs of paths left out.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>The container's entrypoint.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>The container's default arguments.</summary>
    public ImmutableArray<string> Cmd { get; init; } = [];

    /// <summary>The container's environment.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The image's labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>An absolute path, or null for <c>/</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Account name or <c>uid[:gid]</c>; null for root.</summary>
    public string? User { get; init; }

    /// <summary>The account that <see cref="User"/> names: one of the image's, or only numbers.</summary>
    public AccountSpec StartingAccount
    {
        get
        {
            if (User is null or "root" or "0")
                return new("root", 0, 0, "/root", "/bin/sh", "root");
            if (Accounts.FirstOrDefault(x => x.Name == User) is { } named)
                return named;
            var numbers = User.Split(':').Select(x => int.Parse(x, CultureInfo.InvariantCulture)).ToList();
            var gid = numbers.Count > 1 ? numbers[1] : (int?)null;
            return Accounts.FirstOrDefault(x => x.Uid == numbers[0]) is { } known
                ? known with
                {
                    Gid = gid ?? known.Gid,
                }
                : new("", numbers[0], gid ?? 0, "/", "/bin/sh", "");
        }
    }

    /// <summary>Such as <c>SIGINT</c>; null for the runtime's default.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Such as <c>5432/tcp</c>.</summary>
    public ImmutableArray<string> Ports { get; init; } = [];

    /// <summary>Absolute paths.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>How a runtime asks whether the container is well, or null.</summary>
    public HealthcheckSpec? Healthcheck { get; init; }

    /// <summary>Accounts beside root.</summary>
    public ImmutableArray<AccountSpec> Accounts { get; init; } = [];

    /// <summary>Files of the image's own.</summary>
    public ImmutableArray<ImageFileSpec> Files { get; init; } = [];

    /// <summary>Directories of the image's own.</summary>
    public ImmutableArray<ImageDirectorySpec> Directories { get; init; } = [];

    /// <summary>The most that all files may weigh, in bytes; null for no limit.</summary>
    public long? SizeLimit { get; init; }

    /// <summary>Globs of paths that must not be in the image.</summary>
    public ImmutableArray<string> Forbid { get; init; } = [];

    /// <summary>Of <c>[image]</c>.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary>Of <c>[image.limits]</c>, where it is written.</summary>
    public SourceSpan? LimitsSpan { get; init; }
}

/// <summary><c>[image.healthcheck]</c>.</summary>
internal sealed record HealthcheckSpec(
    ImmutableArray<string> Command,
    TimeSpan? Interval,
    TimeSpan? Timeout,
    TimeSpan? StartPeriod,
    int? Retries
);

/// <summary><c>[[image.accounts]]</c>: a line of <c>/etc/passwd</c> and of <c>/etc/group</c>.</summary>
internal sealed record AccountSpec(string Name, int Uid, int Gid, string Home, string Shell, string Comment);

/// <summary><c>[[image.files]]</c>: exactly one of source and content is set.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Source">The name of a file in the recipe's folder.</param>
/// <param name="Content">The text itself.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Uid">Numeric owner.</param>
/// <param name="Gid">Numeric group.</param>
/// <param name="Span">Where it is written.</param>
internal sealed record ImageFileSpec(
    string Path,
    string? Source,
    string? Content,
    int Mode,
    int Uid,
    int Gid,
    SourceSpan Span
);

/// <summary><c>[[image.directories]]</c>.</summary>
internal sealed record ImageDirectorySpec(string Path, int Mode, int Uid, int Gid, SourceSpan Span);
