using System.Collections.Immutable;
using CsCheck;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Graph;

/// <summary>Random packages that need only what has a smaller number, and require anything at run time.</summary>
public class RecipeGraphPropertyTests
{
    private const int Packages = 12;
    private static readonly SourceSpan Span = new("pkgs/x/recipe.toml", 1, 1, 1, "");
    private static readonly Gen<int[]> Numbers = Gen.Int[0, Packages - 1].Array[0, 3];

    [Fact]
    public void Whatever_a_root_is_made_of_is_built_before_it() =>
        Gen.Select(Numbers.Array[Packages], Numbers.Array[Packages])
            .Sample(
                (needs, requires) =>
                {
                    var graph = RecipeGraph.Create(Workspace(needs, requires));
                    // A requirement may lead back to the user, which is a true cycle.
                    if (!graph.Diagnostics.IsEmpty)
                        return;
                    var all = Enumerable.Range(0, Packages).Select(Name).ToList();
                    var order = graph.BuildOrder(all);
                    Assert.Equal(all.Append("base").Order(), order.Order());
                    foreach (var name in all)
                        Assert.All(graph.DirectNeeds(name), x =>
                            Assert.True(order.IndexOf(x.Package) < order.IndexOf(name))
                        );
                }
            );

    [Fact]
    public void A_cycle_is_told_if_and_only_if_a_root_needs_its_own_package() =>
        Gen.Select(Numbers.Array[Packages], Numbers.Array[Packages])
            .Sample(
                (needs, requires) =>
                {
                    var graph = RecipeGraph.Create(Workspace(needs, requires));
                    Assert.Equal(
                        Enumerable.Range(0, Packages).Any(x => NeedsItself(graph, Name(x))),
                        !graph.Diagnostics.IsEmpty
                    );
                }
            );

    [Fact]
    public void The_order_for_some_is_a_part_of_the_order_for_all() =>
        Gen.Select(Numbers.Array[Packages], Gen.Int[0, Packages - 1])
            .Sample(
                (needs, target) =>
                {
                    var graph = RecipeGraph.Create(Workspace(needs, [.. needs.Select(_ => Array.Empty<int>())]));
                    var part = graph.BuildOrder([Name(target)]);
                    Assert.Equal(
                        graph.BuildOrder(Enumerable.Range(0, Packages).Select(Name)).Where(part.Contains),
                        part
                    );
                }
            );

    /// <summary>Follows roots over roots, as somebody would who builds by hand.</summary>
    private static bool NeedsItself(RecipeGraph graph, string name)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([name]);
        while (open.TryPop(out var next))
        {
            foreach (var need in graph.DirectNeeds(next).Select(x => x.Package))
            {
                if (need == name)
                    return true;
                if (seen.Add(need))
                    open.Push(need);
            }
        }
        return false;
    }

    private static string Name(int number) => $"p{number:00}";

    private static Workspace Workspace(int[][] needs, int[][] requires)
    {
        var recipes = Enumerable
            .Range(0, Packages)
            .Select(Recipe (x) => Package(Name(x), needs[x].Where(n => n < x), requires[x]))
            .Append(
                new SeedRecipe
                {
                    Name = "base",
                    NameSpan = Span,
                    Area = RecipeArea.Stage0,
                    Folder = "",
                    File = "",
                    Seed = new SeedSpec { Suite = "bookworm", Packages = [] },
                }
            );
        return new Workspace("/", recipes.ToImmutableSortedDictionary(x => x.Name, x => x, StringComparer.Ordinal), []);
    }

    private static PackageRecipe Package(string name, IEnumerable<int> needs, IEnumerable<int> requires) =>
        new()
        {
            Name = name,
            NameSpan = Span,
            Area = RecipeArea.Packages,
            Folder = "",
            File = "",
            Build = new BuildSpec
            {
                Base = new RecipeReference("base", Span),
                Needs = [.. needs.Select(x => new OutputReference(Name(x), "main", Span))],
            },
            Outputs =
            [
                new OutputSpec
                {
                    Name = "main",
                    Requires = [.. requires.Select(x => new OutputReference(Name(x), null, Span))],
                },
            ],
        };
}
