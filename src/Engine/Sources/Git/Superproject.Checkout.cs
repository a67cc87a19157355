using System.Collections.Immutable;
using LibGit2Sharp;
using Recipes.Engine.Model;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// Files of recipes that a checkout has made otherwise than they are in the index; paths relative to the workspace.
/// </summary>
/// <param name="LineEnds">Those that differ by line ends alone.</param>
/// <param name="Modes">Those that differ by the executable bit alone.</param>
internal sealed record CheckoutDifferences(ImmutableArray<string> LineEnds, ImmutableArray<string> Modes);

internal sealed partial class Superproject
{
    /// <summary>Compares what builds see of recipes with the index, for what nobody changed on purpose.</summary>
    /// <exception cref="EngineException">The index cannot be read.</exception>
    public CheckoutDifferences Differences(IEnumerable<Recipe> recipes) =>
        Read(repository =>
        {
            var (staged, lineEnds, modes) = (
                StagedFiles.Of(repository, Root),
                ImmutableArray.CreateBuilder<string>(),
                ImmutableArray.CreateBuilder<string>()
            );
            foreach (var (path, file) in recipes.SelectMany(Files))
            {
                if (
                    staged.Find(prefix + path) is not { Mode: IndexItem.PlainFile or IndexItem.Program } item
                    || repository.Lookup<Blob>(item.Id) is not { } blob
                )
                    continue;
                if (Math.Max(blob.Size, new FileInfo(file.AbsolutePath).Length) > MaxText)
                    continue;
                var (kept, here) = (Bytes(blob), File.ReadAllBytes(file.AbsolutePath));
                if (kept.AsSpan().SequenceEqual(here))
                {
                    if (file.IsExecutable != (item.Mode == IndexItem.Program))
                        modes.Add(path);
                }
                else if (WithoutReturns(kept).AsSpan().SequenceEqual(WithoutReturns(here)))
                    lineEnds.Add(path);
            }
            return new CheckoutDifferences(lineEnds.ToImmutable(), modes.ToImmutable());
        });

    /// <summary>
    /// Refuses a sparse checkout that leaves recipes out: what needs all of them would take these for deleted.
    /// </summary>
    /// <exception cref="EngineException">One is missing; the message says how to get it.</exception>
    public void RequireAllRecipes()
    {
        var missing = Read(repository =>
            StagedFiles
                .Of(repository, Root)
                .All.Where(x => x.Path.StartsWith(prefix, StringComparison.Ordinal))
                .Select(x => x.Path[prefix.Length..].Split('/'))
                .Where(x => x is ["pkgs" or "toolchain" or "stage0", _, "recipe.toml"])
                .Select(x => $"{x[0]}/{x[1]}")
                .FirstOrDefault(x => !File.Exists($"{Root}/{prefix}{x}/recipe.toml"))
        );
        if (missing is null || !IsSparse())
            return;
        throw new EngineException(
            $"This is a sparse checkout without {missing}, whose pin would be taken for one that no recipe asks "
                + $"for. Run: git sparse-checkout add "
                + $"{prefix}{missing[..missing.IndexOf('/', StringComparison.Ordinal)]}"
        );
    }

    private bool IsSparse() =>
        new GitProgram(GitFolder, Root)
            .RunAsync(["config", "--type=bool", "core.sparseCheckout"], CancellationToken.None)
            .GetAwaiter()
            .GetResult()
            .StandardOutput.Trim() == "true";

    private static IEnumerable<(string Path, RecipeFile File)> Files(Recipe recipe)
    {
        var folder = recipe.File[..recipe.File.LastIndexOf('/')];
        try
        {
            return RecipeFiles.List(recipe).Select(x => ($"{folder}/{x.RelativePath}", x));
        }
        // A link among them is a fault of the recipe, which its build tells.
        catch (EngineException)
        {
            return [];
        }
    }

    private static byte[] Bytes(Blob blob)
    {
        using var content = new MemoryStream();
        using (var stream = blob.GetContentStream())
            stream.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] WithoutReturns(byte[] bytes) =>
        [.. bytes.Where((x, i) => x != '\r' || i + 1 == bytes.Length || bytes[i + 1] != '\n')];
}
