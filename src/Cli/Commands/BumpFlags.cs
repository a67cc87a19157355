using System.CommandLine;
using System.CommandLine.Parsing;
using Recipes.Engine.Bumping;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Cli.Commands;

/// <summary>What the command line of <c>recipes bump</c> asks for.</summary>
/// <param name="Request">The bump.</param>
/// <param name="List">Only list versions.</param>
/// <param name="DryRun">Change nothing.</param>
/// <param name="Build">Build the new version, and compare.</param>
/// <param name="BreakContract">Go on where the contract of a stack is broken.</param>
/// <param name="Commit">Commit the bump.</param>
/// <param name="Sources">How sources are asked for.</param>
internal sealed record BumpChoice(
    BumpRequest Request,
    bool List,
    bool DryRun,
    bool Build,
    bool BreakContract,
    bool Commit,
    SourceOptions Sources
)
{
    /// <summary>What to do besides reviewing the bump; without a commit.</summary>
    public BumpPlan Plan =>
        new()
        {
            Builds = Build,
            BreaksContracts = BreakContract,
            Changes = !DryRun,
        };
}

/// <summary>The arguments and options of <c>recipes bump</c>.</summary>
internal sealed class BumpFlags
{
    private readonly Argument<string> name = new("NAME")
    {
        Description = "A recipe with a source of its own, or a collection.",
    };

    private readonly Argument<string?> version = new("VERSION")
    {
        Description = "The new version, of a collection a branch, tag or commit; the newest of upstream by default.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> archive = new("--archive")
    {
        Description = "The release archive, in place of a download.",
        HelpName = "FILE",
    };

    private readonly Option<string?> tag = new("--tag")
    {
        Description = "The tag, where the recipe's template does not yield it.",
        HelpName = "TAG",
    };

    private readonly Option<bool> list = new("--list")
    {
        Description = "List the versions that upstream offers, and change nothing.",
    };

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Show the review, and change nothing." };

    private readonly Option<bool> build = new("--build")
    {
        Description = "Build the new version and the images that hold it first, and compare with the old one.",
    };

    private readonly Option<bool> breakContract = new("--break-contract")
    {
        Description = "With --build: make the bump also where it breaks what a stack promised.",
    };

    private readonly Option<bool> commit = new("--commit")
    {
        Description = "Make one git commit of the bump, with the review as its message.",
    };

    private readonly Option<bool> allowDowngrade = new("--allow-downgrade")
    {
        Description = "Let the new version be lower than the old one.",
    };

    private readonly Option<bool> unsigned = UnsignedOption.Create();

    /// <summary>Adds all of them, and what they demand of each other.</summary>
    public void AddTo(Command command)
    {
        foreach (var argument in (Argument[])[name, version])
            command.Arguments.Add(argument);
        foreach (
            var option in (Option[])[archive, tag, list, dryRun, build, breakContract, commit, allowDowngrade, unsigned]
        )
            command.Options.Add(option);
        command.Validators.Add(Check);
    }

    /// <summary>Reads them.</summary>
    public BumpChoice Read(ParseResult parsed, string currentDirectory) =>
        new(
            new()
            {
                Recipe = parsed.GetRequiredValue(name),
                Version = parsed.GetValue(version),
                Archive = parsed.GetValue(archive) is { } file ? Path.GetFullPath(file, currentDirectory) : null,
                Tag = parsed.GetValue(tag),
                AllowDowngrade = parsed.GetValue(allowDowngrade),
            },
            parsed.GetValue(list),
            parsed.GetValue(dryRun),
            parsed.GetValue(build),
            parsed.GetValue(breakContract),
            parsed.GetValue(commit),
            UnsignedOption.Read(parsed, unsigned)
        );

    private void Check(CommandResult result)
    {
        if (result.GetValue(archive) is not null && result.GetValue(tag) is not null)
            result.AddError("--archive and --tag exclude each other");
        if (result.GetValue(breakContract) && !result.GetValue(build))
            result.AddError("--break-contract is for --build, which shows what breaks");
        if (result.GetValue(dryRun) && result.GetValue(commit))
            result.AddError("--dry-run changes nothing, so that there is nothing for --commit");
        if (
            result.GetValue(list)
            && (result.GetValue(version) ?? result.GetValue(archive) ?? result.GetValue(tag)) is not null
        )
            result.AddError("--list shows all versions; give neither VERSION nor --archive nor --tag");
    }
}
