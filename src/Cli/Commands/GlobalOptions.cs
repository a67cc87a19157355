using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Recipes.Cli.Commands;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Workspace { get; } =
        new("--workspace", "-w") { Description = "The workspace; found upwards from the current folder by default.", HelpName = "DIR" };

    public Option<string?> Store { get; } =
        new("--store") { Description = "The store; $RECIPES_STORE or $XDG_CACHE_HOME/recipes by default.", HelpName = "DIR" };

    public Option<int?> Jobs { get; } = Positive("Jobs at once, shared by all running builds; the number of processors by default.", "--jobs", "-j");

    public Option<int?> Builds { get; } = Positive("Builds at once; as many as there are jobs by default.", "--builds");

    public Option<bool> KeepGoing { get; } =
        new("--keep-going", "-k") { Description = "After a failure, build on what does not need what failed." };

    public Option<string> Sandbox { get; } =
        new("--sandbox") { Description = "What runs the builds.", HelpName = "KIND", DefaultValueFactory = _ => "bubblewrap" };

    public Option<bool> Json { get; } = new("--json") { Description = "Answer with JSON on the standard output." };

    public Option<bool> Plain { get; } = new("--plain") { Description = "Show progress as one line an event, also on a terminal." };

    /// <summary>Adds all of them to the root, for every command below it.</summary>
    public void AddTo(RootCommand root)
    {
        Sandbox.CompletionSources.Add("bubblewrap");
        Sandbox.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is var kind and not "bubblewrap")
                result.AddError($"unknown sandbox '{kind}'; there is: bubblewrap");
        });
        foreach (var option in (Option[])[Workspace, Store, Jobs, Builds, KeepGoing, Sandbox, Json, Plain])
        {
            option.Recursive = true;
            root.Options.Add(option);
        }
    }

    private static Option<int?> Positive(string description, string name, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = "N", CustomParser = ParsePositive };

    private static int? ParsePositive(ArgumentResult result)
    {
        var word = result.Tokens[0].Value;
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        result.AddError($"'{word}' is not a number above 0");
        return null;
    }
}
