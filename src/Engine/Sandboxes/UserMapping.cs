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
    /// The best that this host offers: real users for root, the user's own range of <c>/etc/subuid</c> by <c>newuidmap</c>,
    /// or a single user.
    /// </summary>
    public static async Task<UserMapping> FindAsync(CancellationToken cancellationToken)
    {
        var best = Environment.IsPrivilegedProcess ? Root : Subordinate;
        if (best == Subordinate && HostPrograms.Find("newuidmap") is null)
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
