using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Images;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sandboxes;

namespace Recipes.Cli.Commands;

/// <summary>What a person asked <c>recipes run</c> for, as it was written.</summary>
internal sealed record RunWishes(
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Data,
    IReadOnlyList<string> Variables,
    IReadOnlyList<string> Ports,
    bool AllowUnpinned = false
);

/// <summary>How an image is to be run: its configuration with the wishes laid over it.</summary>
internal sealed class RunPlan
{
    private readonly ImageRecipe recipe;
    private readonly ImageSpec image;
    private readonly RunWishes wishes;
    private readonly CliHost host;
    private readonly AccountSpec account;
    private readonly ImmutableArray<ImageBind> binds;

    /// <summary>Checks all wishes against the image, before anything is built.</summary>
    /// <exception cref="UsageException">A wish cannot be met.</exception>
    public RunPlan(ImageRecipe recipe, RunWishes wishes, CliHost host)
    {
        (this.recipe, image, this.wishes, this.host) = (recipe, recipe.Image, wishes, host);
        account = image.StartingAccount;
        binds = [.. wishes.Data.Select(Bind)];
        foreach (var port in wishes.Ports)
            CheckPort(port);
        Environment = MakeEnvironment();
        if (Arguments.IsEmpty)
            throw new UsageException($"{recipe.File} has neither entrypoint nor cmd; say what to run: recipes run {recipe.Name} -- CMD");
    }

    /// <summary>The program and its arguments: the entrypoint stays, a command replaces the image's <c>cmd</c>.</summary>
    public ImmutableArray<string> Arguments =>
        wishes.Arguments.Count > 0 ? [.. image.Entrypoint, .. wishes.Arguments] : [.. image.Entrypoint, .. image.Cmd];

    /// <summary>The whole environment.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; }

    /// <summary>The request for an unpacked image.</summary>
    public ImageRunRequest Request(ImageRoot root) =>
        new()
        {
            Label = recipe.Name,
            Root = [root.Tree],
            Arguments = Arguments,
            Environment = Environment,
            WorkingDirectory = image.WorkingDirectory ?? "/",
            Uid = account.Uid,
            Gid = account.Gid,
            Owners = [.. root.Owned.Select(x => new FileOwner("/" + x.Path.TrimStart('/'), x.Mode, x.Uid, x.Gid))],
            Binds = binds,
            SharesNetwork = wishes.Ports.Count > 0,
        };

    // What a container engine sets too, then the image's variables, then those of the command line.
    private ImmutableSortedDictionary<string, string> MakeEnvironment()
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        all["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        all["HOME"] = account.Home;
        all["HOSTNAME"] = recipe.Name;
        if (host.Variable("TERM") is { Length: > 0 } terminal)
            all["TERM"] = terminal;
        foreach (var (name, value) in image.Environment)
            all[name] = value;
        foreach (var variable in wishes.Variables)
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new UsageException($"'{variable}' is no NAME=VALUE");
            all[variable[..equals]] = variable[(equals + 1)..];
        }
        return all.ToImmutable();
    }

    private ImageBind Bind(string wish)
    {
        var colon = wish.LastIndexOf(":/", StringComparison.Ordinal);
        var folder = Path.GetFullPath(colon < 0 ? wish : wish[..colon], host.CurrentDirectory);
        if (colon >= 0)
            return new(folder, wish[(colon + 1)..]);
        return image.Volumes.Length switch
        {
            1 => new(folder, image.Volumes[0]),
            0 => throw new UsageException($"{recipe.File} declares no volume; name the place inside: --data {wish}:/PATH"),
            _ => throw new UsageException(
                $"{recipe.Name} has several volumes; name one: {string.Join(", ", image.Volumes.Select(x => $"--data {wish}:{x}"))}"
            ),
        };
    }

    private void CheckPort(string port)
    {
        var declared = image.Ports.Select(x => x.Split('/')[0]).ToList();
        if (!declared.Contains(port))
            throw new UsageException(
                declared.Count == 0
                    ? $"{recipe.File} declares no ports"
                    : $"{recipe.Name} has no port '{port}', and a port cannot be given another number; it has: {string.Join(", ", declared)}"
            );
    }
}
