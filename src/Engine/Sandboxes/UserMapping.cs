namespace Recipes.Engine.Sandboxes;

/// <summary>How the users of an image relate to those of the host.</summary>
internal sealed record UserMapping
{
    /// <summary>Options of <c>unshare</c>, separated by spaces.</summary>
    public required string Namespaces { get; init; }

    /// <summary>True if an image may have files of several users; false if all belong to the one that it starts as.</summary>
    public required bool HasManyUsers { get; init; }

    /// <summary>True if files may be left behind that this user cannot delete outside of the namespaces.</summary>
    public bool LeavesForeignFiles { get; init; }

    /// <summary>As for builds: one user, who is this user outside.</summary>
    public static UserMapping Single { get; } = new() { Namespaces = SandboxProcess.SingleUser, HasManyUsers = false };

    private static UserMapping Root { get; } = new() { Namespaces = "--mount", HasManyUsers = true };

    private static UserMapping Subordinate { get; } =
        new()
        {
            Namespaces = "--user --map-root-user --map-auto --mount",
            HasManyUsers = true,
            LeavesForeignFiles = true,
        };

    /// <summary>
    /// The best that this host offers: real users for root, the user's own range of <c>/etc/subuid</c> by <c>newuidmap</c>
    /// for a plain user whose image starts as root, or a single user.
    /// </summary>
    /// <param name="uid">The user that the image starts as. It can become no other, so one is enough for a plain user, who
    /// then owns what it writes; of a subordinate user's files he could not even delete one.</param>
    /// <param name="cancellationToken">Ends the trial.</param>
    public static async Task<UserMapping> FindAsync(int uid, CancellationToken cancellationToken)
    {
        var best = Environment.IsPrivilegedProcess ? Root : Subordinate;
        if (best == Subordinate && (uid != 0 || HostPrograms.Find("newuidmap") is null))
            return Single;
        // Seen from outside, setpriv would fail too where the user is not mapped.
        var (status, _, _) = await HostPrograms.RunAsync(
            "unshare",
            [.. best.Namespaces.Split(' '), "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "true"],
            cancellationToken
        );
        return status == 0 ? best : Single;
    }
}
