using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>Reads <c>[build]</c>.</summary>
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

    public static BuildSpec Read(CheckedTable table, RecipeContext context)
    {
        CheckPlace(table, context);
        CheckEnvironment(table, context);
        var system = System(table.Text("system")?.Value);
        var steps = Steps(table.Table("steps"));
        CheckArguments(table, system, steps, context);
        var limits = table.Table("limits");
        return new BuildSpec
        {
            Span = context.Span(table.Range),
            Base = context.Recipe(table.Text("base")) ?? new RecipeReference(DefaultBase, null),
            Needs = context.Outputs(table, "needs"),
            System = system,
            Configure = RecipeContext.Strings(table, "configure"),
            Compile = RecipeContext.Strings(table, "compile"),
            Install = RecipeContext.Strings(table, "install"),
            OutOfTree = table.Boolean("out-of-tree") ?? false,
            Strip = table.Boolean("strip") ?? true,
            HardLinks =
                table.Text("hard-links")?.Value == "symlink" ? HardLinkTreatment.Symlink : HardLinkTreatment.Keep,
            NamespacesReason = table.Text("namespaces")?.Value,
            Environment = RecipeContext.Map(table, "environment"),
            StandsFor = context.Recipe(table.Text("stands-for")),
            Steps = steps,
            Limits = limits is null
                ? new BuildLimits()
                : new BuildLimits(
                    RecipeContext.Size(limits.Text("memory")),
                    RecipeContext.Duration(limits.Text("time")),
                    limits.Integer("processes")
                ),
        };
    }

    private static BuildSystem System(string? name) =>
        name switch
        {
            "autotools" => BuildSystem.Autotools,
            "cmake" => BuildSystem.CMake,
            "meson" => BuildSystem.Meson,
            "make" => BuildSystem.Make,
            _ => BuildSystem.None,
        };

    private static ImmutableSortedDictionary<string, string> Steps(CheckedTable? table)
    {
        var steps = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var step in (ReadOnlySpan<string>)["prepare", "configure", "compile", "install"])
        {
            if (table?.Text(step) is { } script)
                steps.Add(step, script.Value);
        }
        return steps.ToImmutable();
    }

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

    private static void CheckEnvironment(CheckedTable table, RecipeContext context)
    {
        foreach (var (name, _) in table.TextTable("environment"))
        {
            if (FixedVariables.Contains(name.Value))
                context.Fault(name.Range, $"the variable '{name.Value}' is the same in every build and cannot be set");
        }
    }

    /// <summary>Arguments that nothing would ever see.</summary>
    private static void CheckArguments(
        CheckedTable table,
        BuildSystem system,
        ImmutableSortedDictionary<string, string> steps,
        RecipeContext context
    )
    {
        foreach (var step in (ReadOnlySpan<string>)["configure", "compile", "install"])
        {
            if (table.Place(step) is not { } place)
                continue;
            if (steps.ContainsKey(step))
                context.Fault(place, $"the arguments '{step}' go nowhere: [build.steps] has its own '{step}'");
            else if (system == BuildSystem.None && table.Text("system") is not null)
                context.Fault(place, $"the system 'none' has no {step} step; write one in [build.steps]");
            else if (system == BuildSystem.Make && step == "configure")
                context.Fault(place, "the system 'make' has no configure step; write one in [build.steps]");
        }
    }
}
