using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Ports;

namespace Recipes.Engine.Images;

/// <summary>What to change of an image's configuration when it is run.</summary>
/// <param name="Arguments">In place of the image's <c>cmd</c>; empty to keep it.</param>
/// <param name="Data">Folders for volumes: <c>DIR</c>, or <c>DIR:/PATH</c> where the image has several.</param>
/// <param name="Variables">Each <c>NAME=VALUE</c>.</param>
/// <param name="Ports">Ports of the image to be reached, as <see cref="PortMapping.Parse"/> takes them.</param>
internal sealed record RunArguments(
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Data,
    IReadOnlyList<string> Variables,
    IReadOnlyList<string> Ports
)
{
    /// <summary>Against which folders of <see cref="Data"/> count.</summary>
    public string CurrentDirectory { get; init; } = System.Environment.CurrentDirectory;

    /// <summary>The <c>TERM</c> to pass on, or null.</summary>
    public string? Terminal { get; init; }
}

/// <summary>How an image is to be run: its configuration with the arguments laid over it.</summary>
internal sealed class RunPlan
{
    private readonly ImageRecipe recipe;
    private readonly ImageSpec image;
    private readonly RunArguments arguments;
    private readonly AccountSpec account;
    private readonly ImmutableArray<ImageBind> binds;

    /// <summary>Checks all arguments against the image, before anything is built.</summary>
    /// <exception cref="EngineException">One of them does not fit the image.</exception>
    public RunPlan(ImageRecipe recipe, RunArguments arguments)
    {
        (this.recipe, image, this.arguments) = (recipe, recipe.Image, arguments);
        account = image.StartingAccount;
        binds = [.. arguments.Data.Select(Bind)];
        Ports = [.. arguments.Ports.Select(ParsePort)];
        PortMapping.RequireDistinct(Ports);
        Environment = MakeEnvironment();
        if (Arguments.IsEmpty)
            throw new EngineException($"{recipe.File} has neither entrypoint nor cmd; say what to run");
    }

    /// <summary>
    /// The program and its arguments: the entrypoint stays, a command replaces the image's <c>cmd</c>.
    /// </summary>
    public ImmutableArray<string> Arguments =>
        arguments.Arguments.Count > 0
            ? [.. image.Entrypoint, .. arguments.Arguments]
            : [.. image.Entrypoint, .. image.Cmd];

    /// <summary>The ports of the image that are to be reached, and where.</summary>
    public ImmutableArray<PortMapping> Ports { get; }

    /// <summary>True if this machine's network will do, with the image's ports at their own numbers.</summary>
    public bool SharesNetwork => !Ports.IsEmpty && Ports.All(x => x.IsIdentity);

    private ImmutableArray<PortMapping> Forwards => SharesNetwork ? [] : Ports;

    /// <summary>Asks whether this machine can forward the ports, if any are to be.</summary>
    /// <exception cref="EngineException">It cannot.</exception>
    public void RequireForwarding()
    {
        if (!Forwards.IsEmpty)
            new PortForwarder(Forwards).Require();
    }

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
            SharesNetwork = SharesNetwork,
            Forwards = Forwards,
        };

    // What a container engine sets too, then the image's variables, then those of the command line.
    private ImmutableSortedDictionary<string, string> MakeEnvironment()
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        all["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        all["HOME"] = account.Home;
        all["HOSTNAME"] = recipe.Name;
        if (arguments.Terminal is { Length: > 0 } terminal)
            all["TERM"] = terminal;
        foreach (var (name, value) in image.Environment)
            all[name] = value;
        foreach (var (name, value) in arguments.Variables.Select(EnvironmentVariable.Parse))
            all[name] = value;
        return all.ToImmutable();
    }

    private ImageBind Bind(string wish)
    {
        var colon = wish.LastIndexOf(":/", StringComparison.Ordinal);
        var folder = Path.GetFullPath(colon < 0 ? wish : wish[..colon], arguments.CurrentDirectory);
        if (colon >= 0)
            return new(folder, wish[(colon + 1)..]);
        return image.Volumes.Length switch
        {
            1 => new(folder, image.Volumes[0]),
            0 => throw new EngineException($"{recipe.File} declares no volume; name the place inside: {wish}:/PATH"),
            _ => throw new EngineException(
                $"{recipe.Name} has several volumes; name one: "
                    + $"{string.Join(", ", image.Volumes.Select(x => $"{wish}:{x}"))}"
            ),
        };
    }

    private PortMapping ParsePort(string text)
    {
        var mapping = PortMapping.Parse(text);
        var declared = image.Ports;
        return mapping.In(declared)
            ?? throw new EngineException(
                declared.IsEmpty
                    ? $"{recipe.File} declares no ports"
                    : $"{recipe.Name} has no port '{mapping.ImageName}'; it has: "
                        + $"{string.Join(", ", declared.Select(Short))}"
            );
    }

    // TCP goes without saying.
    private static string Short(string port) =>
        port.EndsWith("/tcp", StringComparison.Ordinal) ? port[..^"/tcp".Length] : port;
}
