using System.Globalization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>
/// How the users of a sandbox relate to those of the host. User 0 inside is never root outside: for a plain user it is
/// the caller, for root the first number of a range that nobody else uses.
/// </summary>
internal sealed record UserMapping
{
    /// <summary>
    /// Options of <c>unshare</c> with which a plain user makes the namespaces, separated by spaces; empty for root.
    /// </summary>
    public string Namespaces { get; private init; } = "";

    /// <summary>The numbers outside that root maps; null for a plain user.</summary>
    public StoreOwner? Owner { get; private init; }

    /// <summary>
    /// True if an image may have files of several users; false if all belong to the one that it starts as.
    /// </summary>
    public bool HasManyUsers { get; private init; }

    /// <summary>True if files may be left behind that this user cannot delete outside of the namespaces.</summary>
    public bool LeavesForeignFiles { get; private init; }

    /// <summary>The number of the first user outside, for scripts; empty for a plain user.</summary>
    public string First => Owner?.First.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>How many users there are, for scripts.</summary>
    public string Count => (Owner?.Count ?? 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>As for builds: one user.</summary>
    /// <param name="owner">Whom the store's trees belong to.</param>
    public static UserMapping Single(StoreOwner? owner) =>
        owner is null
            ? new() { Namespaces = "--user --map-root-user --mount" }
            : new() { Owner = owner with { Count = 1 } };

    /// <summary>
    /// The best that this host offers: the whole range for root, the user's own range of <c>/etc/subuid</c> by
    /// <c>newuidmap</c> for a plain user whose image starts as root, or a single user.
    /// </summary>
    /// <param name="owner">Whom the store's trees belong to.</param>
    /// <param name="uid">The user that the image starts as. It can become no other, so one is enough for a plain user,
    /// who then owns what it writes; of a subordinate user's files he could not even delete one.</param>
    /// <param name="cancellationToken">Ends the trial.</param>
    public static async Task<UserMapping> FindAsync(StoreOwner? owner, int uid, CancellationToken cancellationToken)
    {
        if (owner is { Count: > 1 })
            return new() { Owner = owner, HasManyUsers = true };
        if (owner is not null || uid != 0 || HostPrograms.Find("newuidmap") is null)
            return Single(owner);
        var subordinate = new UserMapping
        {
            Namespaces = "--user --map-root-user --map-auto --mount",
            HasManyUsers = true,
            LeavesForeignFiles = true,
        };
        // Seen from outside, setpriv would fail too where the user is not mapped.
        var (status, _, _) = await HostPrograms.RunAsync(
            "unshare",
            [
                .. subordinate.Namespaces.Split(' '),
                "setpriv",
                "--reuid",
                "65534",
                "--regid",
                "65534",
                "--clear-groups",
                "true",
            ],
            cancellationToken
        );
        return status == 0 ? subordinate : Single(owner);
    }
}
