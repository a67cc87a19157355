using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Recipes.Engine.Sandboxes.Hosts;

namespace Recipes.Cli.Commands;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Workspace { get; } =
        new("--workspace", "-w")
        {
            Description = "The workspace; found upwards from the current folder by default.",
            HelpName = "DIR",
        };

    public Option<string?> Store { get; } =
        new("--store")
        {
            Description = "The store; $RECIPES_STORE or $XDG_CACHE_HOME/recipes by default.",
            HelpName = "DIR",
        };

    public Option<int?> Jobs { get; } =
        Positive("Jobs at once, shared by all running builds; the number of processors by default.", "--jobs", "-j");

    public Option<int?> Builds { get; } = Positive("Builds at once; as many as there are jobs by default.", "--builds");

    public Option<bool> KeepGoing { get; } =
        new("--keep-going", "-k") { Description = "After a failure, build on what does not need what failed." };

    public Option<string?> Sandbox { get; } =
        new("--sandbox")
        {
            Description =
                "What runs the builds: bubblewrap or docker; $RECIPES_SANDBOX by default, else bubblewrap where it "
                + "works, else docker.",
            HelpName = "KIND",
        };

    public Option<bool> Json { get; } = new("--json") { Description = "Answer with JSON on the standard output." };

    public Option<bool> Plain { get; } =
        new("--plain") { Description = "Show progress as one line an event, also on a terminal." };

    /// <summary>Adds all of them to the root, for every command below it.</summary>
    public void AddTo(RootCommand root)
    {
        Sandbox.CompletionSources.Add("bubblewrap", "docker");
        Sandbox.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } word && !TryParseSandbox(word, out _))
                result.AddError(UnknownSandbox(word));
        });
        foreach (var option in (Option[])[Workspace, Store, Jobs, Builds, KeepGoing, Sandbox, Json, Plain])
        {
            option.Recursive = true;
            root.Options.Add(option);
        }
    }

    /// <summary>Reads the name of a sandbox.</summary>
    public static bool TryParseSandbox(string word, out SandboxKind kind) =>
        Enum.TryParse(word, ignoreCase: true, out kind) && NameOf(kind) == word;

    /// <summary>What is wrong with a word that <see cref="TryParseSandbox"/> refuses.</summary>
    public static string UnknownSandbox(string word) =>
        $"unknown sandbox '{word}'; there are: {string.Join(", ", Enum.GetValues<SandboxKind>().Select(NameOf))}";

    private static string NameOf(SandboxKind kind) => kind.ToString().ToLowerInvariant();

    private static Option<int?> Positive(string description, string name, params string[] aliases) =>
        new(name, aliases)
        {
            Description = description,
            HelpName = "N",
            CustomParser = ParsePositive,
        };

    private static int? ParsePositive(ArgumentResult result)
    {
        var word = result.Tokens[0].Value;
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        result.AddError($"'{word}' is not a number above 0");
        return null;
    }
}
