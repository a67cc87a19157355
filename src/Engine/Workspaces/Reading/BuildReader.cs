using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>Reads <c>[build]</c>, and checks what can be said of it without its build system.</summary>
internal static class BuildReader
{
    public const string DefaultBase = "toolchain";

    /// <summary>What every build gets from the sandbox.</summary>
    private static readonly ImmutableArray<string> FixedVariables =
    [
        "DESTDIR",
        "HOME",
        "JOBS",
        "LC_ALL",
        "MAKEFLAGS",
        "PREFIX",
        "SOURCE_DATE_EPOCH",
        "TZ",
    ];

    public static WrittenBuild Read(CheckedTable table, RecipeContext context)
    {
        CheckPlace(table, context);
        CheckEnvironment(table, context.Faults);
        var limits = table.Table("limits");
        return new()
        {
            Span = context.Span(table.Range),
            Like = context.Recipe(table.Text("like")),
            Base = context.Recipe(table.Text("base")),
            Needs = table.Place("needs") is null ? null : context.Outputs(table, "needs"),
            System = context.Recipe(table.Text("system")),
            Arguments = Arguments(table, context),
            Variables = table
                .ValueTable("variables")
                .ToImmutableSortedDictionary(
                    x => x.Name.Value,
                    x => new Written<VariableValue>(RecipeContext.Value(x.Value), context.Span(x.Name.Range)),
                    StringComparer.Ordinal
                ),
            OutOfTree = table.Boolean("out-of-tree") is { } outOfTree
                ? new(outOfTree, context.Span(table.Place("out-of-tree")!.Value))
                : null,
            Strip = table.Boolean("strip"),
            HardLinks = table.Text("hard-links")?.Value switch
            {
                null => null,
                "symlink" => HardLinkTreatment.Symlink,
                _ => HardLinkTreatment.Keep,
            },
            NamespacesReason = table.Text("namespaces")?.Value,
            Environment = RecipeContext.Map(table, "environment"),
            StandsFor = context.Recipe(table.Text("stands-for")),
            Steps = Steps(table.Table("steps"), context.Faults),
            Limits = limits is null
                ? new BuildLimits()
                : new BuildLimits(
                    RecipeContext.Size(limits.Text("memory")),
                    RecipeContext.Duration(limits.Text("time")),
                    limits.Integer("processes")
                ),
        };
    }

    /// <summary>The scripts of <c>[build.steps]</c>, or of <c>[steps]</c> of a build system.</summary>
    public static ImmutableSortedDictionary<string, Written<StepScript>> Steps(CheckedTable? table, FaultList faults) =>
        BuildSpec
            .StepNames.Select(x => (Step: x, Script: table?.Text(x)))
            .Where(x => x.Script is not null)
            .ToImmutableSortedDictionary(
                x => x.Step,
                x => new Written<StepScript>(
                    RecipeContext.Script(x.Script!, faults),
                    faults.Source.Span(x.Script!.Range)
                ),
                StringComparer.Ordinal
            );

    /// <summary>What no recipe and no build system sets.</summary>
    public static void CheckEnvironment(CheckedTable table, FaultList faults)
    {
        foreach (var (name, _) in table.TextTable("environment"))
        {
            if (FixedVariables.Contains(name.Value))
                faults.Add(name.Range, $"the variable '{name.Value}' is the same in every build and cannot be set");
        }
    }

    private static ImmutableSortedDictionary<string, Written<ImmutableArray<string>>> Arguments(
        CheckedTable table,
        RecipeContext context
    ) =>
        BuildSpec
            .StepNames.Where(x => table.Place(x) is not null)
            .ToImmutableSortedDictionary(
                x => x,
                x => new Written<ImmutableArray<string>>(
                    RecipeContext.Strings(table, x),
                    context.Span(table.Place(x)!.Value)
                ),
                StringComparer.Ordinal
            );

    private static void CheckPlace(CheckedTable table, RecipeContext context)
    {
        if (context.Location.Area == RecipeArea.Packages && table.Text("base") is { Value: not DefaultBase } other)
            context.Fault(
                other.Range,
                $"packages in pkgs/ are built from the base '{DefaultBase}' and no other; leave 'base' out"
            );
        if (context.Location.Area != RecipeArea.Toolchain && table.Place("stands-for") is { } place)
            context.Fault(place, "'stands-for' is only for packages in toolchain/");
    }
}
