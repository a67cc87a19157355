using BenchmarkDotNet.Attributes;
using Recipes.Engine.Graph;
using Recipes.Engine.Workspaces;

namespace Recipes.Benchmarks;

/// <summary>Reading and checking all recipes, and ordering all their builds.</summary>
public class LoadAndPlan
{
    private GeneratedWorkspace? generated;

    [Params(1_000, 10_000, 50_000)]
    public int Packages { get; set; }

    [GlobalSetup]
    public void Generate() => generated = new(Packages);

    [Benchmark]
    public int Load() => Workspace.Load(generated!.Path).Recipes.Count;

    [Benchmark]
    public int LoadAndOrder()
    {
        var workspace = Workspace.Load(generated!.Path);
        if (!workspace.Diagnostics.IsEmpty)
            throw new InvalidOperationException(workspace.Diagnostics[0].ToString());
        return RecipeGraph.Create(workspace).BuildOrder(workspace.Recipes.Keys).Length;
    }

    [GlobalCleanup]
    public void Delete() => generated!.Dispose();
}
