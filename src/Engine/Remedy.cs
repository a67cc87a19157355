namespace Recipes.Engine;

/// <summary>What a person can do about a fault.</summary>
public enum RemedyKind
{
    /// <summary>Pin the sources as the recipes say now.</summary>
    Lock,

    /// <summary>Pin the recipe <see cref="Remedy.Subject"/> anew, whatever its pin is.</summary>
    LockAnew,

    /// <summary>Bring the source of the recipe <see cref="Remedy.Subject"/> into the store.</summary>
    Fetch,

    /// <summary>
    /// Build the recipes <see cref="Remedy.Subject"/>, names with spaces between them, from what is pinned.
    /// </summary>
    Build,

    /// <summary>Build the recipe <see cref="Remedy.Subject"/> from the directory <see cref="Remedy.Detail"/>.</summary>
    BuildFrom,

    /// <summary>Compose the image <see cref="Remedy.Subject"/>.</summary>
    Compose,

    /// <summary>Accept sources that are not pinned.</summary>
    AllowUnpinned,

    /// <summary>Look through the store for damage, and try again.</summary>
    VerifyStore,

    /// <summary>Delete what the store does not need.</summary>
    CollectGarbage,

    /// <summary>Keep the store elsewhere.</summary>
    ChooseStore,

    /// <summary>Install the program <see cref="Remedy.Subject"/>.</summary>
    Install,

    /// <summary>Look at all that the host lacks.</summary>
    CheckHost,

    /// <summary>Build with one job at a time.</summary>
    UseOneJob,

    /// <summary>Delete what builds have left in the Docker daemon.</summary>
    CleanDocker,

    /// <summary>Build in bubblewrap, not in Docker.</summary>
    UseBubblewrap,

    /// <summary>Speak to a registry without TLS.</summary>
    AllowInsecure,

    /// <summary>Read package lists without a check of their signature.</summary>
    AcceptUnsigned,

    /// <summary>Move the recipe <see cref="Remedy.Subject"/> to another version.</summary>
    Bump,

    /// <summary>Go to a lower version.</summary>
    AllowDowngrade,

    /// <summary>Do without a commit.</summary>
    DoNotCommit,

    /// <summary>Name a tag of the git repository.</summary>
    NameTag,

    /// <summary>Name a file.</summary>
    NameArchive,

    /// <summary>
    /// Name the version that the archive <see cref="Remedy.Detail"/> of the recipe <see cref="Remedy.Subject"/> has.
    /// </summary>
    NameVersionOfArchive,

    /// <summary>
    /// Name the version that the tag <see cref="Remedy.Detail"/> of the recipe <see cref="Remedy.Subject"/> has.
    /// </summary>
    NameVersionOfTag,

    /// <summary>Name the version of the recipe <see cref="Remedy.Subject"/>.</summary>
    NameVersion,

    /// <summary>Look at the versions that upstream has of the recipe <see cref="Remedy.Subject"/>.</summary>
    ListVersions,

    /// <summary>Say which version a new recipe has.</summary>
    GiveVersion,

    /// <summary>
    /// Name the source of a new recipe: an archive, a git repository with a tag, or a source package of Debian.
    /// </summary>
    NameSource,

    /// <summary>Name one of the source packages as that of a new recipe.</summary>
    NameDebianSource,

    /// <summary>Accept what the stack <see cref="Remedy.Subject"/> has as its contract.</summary>
    AcceptContract,

    /// <summary>Accept a break of the contract of the stack <see cref="Remedy.Subject"/> with a reason.</summary>
    AcceptBreak,
}

/// <summary>
/// What a person can do about a fault, as data: a part of a <see cref="MessageText"/>. The engine words it for any
/// caller; the command line says what to type.
/// </summary>
/// <param name="Kind">What to do.</param>
/// <param name="Subject">To what, where the kind says so.</param>
/// <param name="Detail">With what, where the kind says so.</param>
public sealed record Remedy(RemedyKind Kind, string? Subject = null, string? Detail = null)
{
    /// <summary>One clause that says what to do, and names no command.</summary>
    public override string ToString() =>
        Kind switch
        {
            RemedyKind.Lock => "lock the sources",
            RemedyKind.LockAnew => $"pin '{Subject}' anew",
            RemedyKind.Fetch => $"fetch '{Subject}'",
            RemedyKind.Build => $"build {Subject}",
            RemedyKind.BuildFrom => $"build {Subject} from '{Detail}'",
            RemedyKind.Compose => $"compose {Subject}",
            RemedyKind.AllowUnpinned => "allow unpinned sources",
            RemedyKind.VerifyStore => "verify the store and try again",
            RemedyKind.CollectGarbage => "collect garbage in the store",
            RemedyKind.ChooseStore => "choose another store",
            RemedyKind.Install => $"install '{Subject}'",
            RemedyKind.CheckHost => "look at what the host lacks",
            RemedyKind.UseOneJob => "build with one job at a time",
            RemedyKind.CleanDocker => "delete what builds have left in the daemon",
            RemedyKind.UseBubblewrap => "use bubblewrap",
            RemedyKind.AllowInsecure => "allow that",
            RemedyKind.AcceptUnsigned => "accept package lists that are not signed",
            RemedyKind.Bump => $"bump {Subject}",
            RemedyKind.AllowDowngrade => "allow a downgrade",
            RemedyKind.DoNotCommit => "do not commit",
            RemedyKind.NameTag => "name a tag",
            RemedyKind.NameArchive => "name an archive",
            RemedyKind.NameVersion
            or RemedyKind.NameVersionOfArchive
            or RemedyKind.NameVersionOfTag
            or RemedyKind.GiveVersion => "name the version",
            RemedyKind.NameSource => "name an archive, a git repository and a tag, or a source package of Debian",
            RemedyKind.ListVersions => $"list the versions of '{Subject}'",
            RemedyKind.NameDebianSource => "name one of them",
            RemedyKind.AcceptContract => $"accept what '{Subject}' has as its contract",
            RemedyKind.AcceptBreak => "give a reason for that",
            _ => Kind.ToString(),
        };
}
