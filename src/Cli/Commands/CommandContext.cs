using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Bumping;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Hosts;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary>Makes the engine's parts as a command line asks for them.</summary>
internal sealed class CommandContext(CliHost host, GlobalOptions options, ParseResult parsed)
{
    private const string SandboxVariable = "RECIPES_SANDBOX";

    /// <summary>Streams and variables.</summary>
    public CliHost Host => host;

    /// <summary>True if the answer is to be JSON.</summary>
    public bool WantsJson => parsed.GetValue(options.Json);

    /// <summary>The store's absolute path; it need not exist.</summary>
    public string StoreRoot =>
        Path.GetFullPath(parsed.GetValue(options.Store) ?? ContentStore.DefaultRoot, host.CurrentDirectory);

    /// <summary>The workspace's absolute path.</summary>
    /// <exception cref="EngineException">There is none here.</exception>
    public string WorkspaceRoot
    {
        get
        {
            if (parsed.GetValue(options.Workspace) is { } chosen)
                return Path.GetFullPath(chosen, host.CurrentDirectory);
            try
            {
                return Workspace.Find(host.CurrentDirectory);
            }
            catch (EngineException) when (host.Variable("RECIPES_CHECKOUT") is { Length: > 0 } checkout)
            {
                // ./recipes run from elsewhere means its own checkout, unless there is a workspace nearer by.
                return Workspace.Find(checkout);
            }
        }
    }

    /// <summary>How to build.</summary>
    public BuildOptions BuildOptions =>
        new()
        {
            Jobs = parsed.GetValue(options.Jobs) ?? Environment.ProcessorCount,
            Builds = parsed.GetValue(options.Builds),
            KeepGoing = parsed.GetValue(options.KeepGoing),
        };

    /// <summary>The sandbox that is wished for: by the option, else by <c>RECIPES_SANDBOX</c>; null for none.</summary>
    /// <exception cref="UsageException">The variable names none.</exception>
    public SandboxKind? SandboxKind
    {
        get
        {
            if ((parsed.GetValue(options.Sandbox) ?? host.Variable(SandboxVariable)) is not { Length: > 0 } word)
                return null;
            return GlobalOptions.TryParseSandbox(word, out var kind)
                ? kind
                : throw new UsageException($"{SandboxVariable}: {GlobalOptions.UnknownSandbox(word)}");
        }
    }

    /// <summary>
    /// Opens the store, making it where it is missing. What becomes of it is told on the error stream, until progress
    /// is shown.
    /// </summary>
    public ContentStore OpenStore() =>
        ContentStore.Open(StoreRoot, new StoreNotices(host.Error), DeclaredRecords.All, host.Interrupted);

    /// <summary>Opens a workspace with its store: whatever the command wants to know or do, it asks there.</summary>
    /// <param name="observer">Is told what happens; null to tell only of waiting and of damage.</param>
    /// <param name="graph">The recipes, if they were read already.</param>
    /// <param name="sources">How to check sources, or null.</param>
    /// <exception cref="RecipeFaultsException">A recipe has faults, or recipes need each other in a circle.</exception>
    public Project OpenProject(
        IEngineObserver? observer = null,
        RecipeGraph? graph = null,
        SourceOptions? sources = null
    )
    {
        var options = new ProjectOptions
        {
            Store = StoreRoot,
            Sandbox = SandboxKind,
            Build = BuildOptions,
            Sources = sources ?? new(),
            Variable = host.Variable,
            Observer = observer ?? new StoreNotices(host.Error),
        };
        return Project.Open(graph ?? RequireGraph(), options, host.Interrupted);
    }

    /// <summary>Opens the store for a question, which writes nothing; one that is not there is empty.</summary>
    public ContentStore OpenStoreToAsk() =>
        ContentStore.OpenToAsk(StoreRoot, new StoreNotices(host.Error), host.Interrupted);

    /// <summary>
    /// Brings back what a change of the workspace that was killed left half-done; call it before the recipes are read.
    /// </summary>
    /// <exception cref="EngineException">Another command is changing the workspace.</exception>
    public void RecoverWorkspace()
    {
        if (Bumper.Recover(WorkspaceRoot))
            ErrorWriter.Warn(host, "an earlier change was interrupted; the workspace has been restored");
    }

    /// <summary>Reads every recipe; the faults are in the result.</summary>
    public Workspace ReadWorkspace() => Workspace.Load(WorkspaceRoot, host.Interrupted);

    /// <summary>Reads every recipe and how they depend on each other.</summary>
    /// <exception cref="RecipeFaultsException">A recipe has faults, or recipes need each other in a circle.</exception>
    /// <param name="root">Another workspace than that of the command line, or null.</param>
    public RecipeGraph RequireGraph(string? root = null) =>
        RequireGraph(root is null ? ReadWorkspace() : Workspace.Load(root, host.Interrupted));

    /// <summary>How the recipes of a workspace depend on each other.</summary>
    /// <exception cref="RecipeFaultsException">A recipe has faults, or recipes need each other in a circle.</exception>
    public static RecipeGraph RequireGraph(Workspace workspace) => Project.GraphOf(workspace);

    /// <summary>Starts to show progress; dispose it before writing the answer.</summary>
    public IProgressRenderer StartProgress() =>
        host is { ErrorHasStyle: true, ErrorTerminal: { } terminal } && !parsed.GetValue(options.Plain)
            ? new LiveRenderer(terminal, host.Time)
            : new PlainRenderer(host.Error);

    /// <summary>Answers with what a check of the recipes found.</summary>
    /// <param name="workspace">What was checked.</param>
    /// <param name="faults">All faults.</param>
    /// <param name="praise">What to say where there is none.</param>
    /// <returns>What the process returns.</returns>
    public int WriteFaults(Workspace workspace, ImmutableArray<Diagnostic> faults, string praise)
    {
        if (WantsJson)
            Json.Write(
                host.Out,
                new CheckJson(workspace.Recipes.Count, [.. faults.Select(DiagnosticJson.Of)]),
                CliJson.Default.CheckJson
            );
        else
        {
            ErrorWriter.Write(host.Out, host.OutHasStyle, faults);
            host.Out.WriteLine(faults.IsEmpty ? praise : Quantities.Count(faults.Length, "fault"));
        }
        return faults.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }
}
