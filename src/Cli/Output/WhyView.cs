using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Model;

namespace Recipes.Cli.Output;

/// <summary>Why something is needed, for people.</summary>
internal static class WhyView
{
    public static void Write(TextWriter writer, IEnumerable<Dependency> path)
    {
        foreach (var step in path)
            writer.WriteLine(step.Span is null ? $"{step}" : $"{step}  ({step.Span})");
    }

    public static void Write(TextWriter writer, string image, IEnumerable<RuntimePath> paths)
    {
        foreach (var path in paths)
        {
            foreach (var hop in path.Hops)
                writer.WriteLine(Printable.Line(Sentence(image, hop)));
            if (!path.IsBuilt)
                writer.WriteLine(Printable.Line($"{path.Output} is not built yet"));
            if (path.Path is not null)
                writer.WriteLine(
                    Printable.Line(
                        $"{path.Output} holds {path.Path}{(path.Soname is null ? "" : $" (soname {path.Soname})")}"
                    )
                );
        }
    }

    /// <summary>Of the packages on the way, those that were made outside.</summary>
    public static void WritePrebuilt(TextWriter writer, IEnumerable<PackageRecipe> packages)
    {
        foreach (var package in packages)
            writer.WriteLine(
                Printable.Line($"{package.Name} is prebuilt: it is made outside, in '{package.PrebuiltFrom?.Folder}'")
            );
    }

    private static string Sentence(string image, RuntimeHop hop) =>
        hop switch
        {
            { File: not null } => $"{hop.From}: {hop.File} needs {hop.Need} of {hop.To}",
            _ when hop.From == image => $"{hop.From} includes {hop.To}",
            _ => $"{hop.From} requires {hop.To}",
        };
}

/// <summary>
/// The answer of <c>why --json</c>: written dependencies, or ways through what files need at run time.
/// </summary>
internal sealed record WhyJson(ImmutableArray<DependencyJson> Dependencies, ImmutableArray<RuntimePath> Paths)
{
    /// <summary>Of the packages on the way, those that were made outside; absent where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<string>? Prebuilt { get; init; }

    public static WhyJson Of(IEnumerable<Dependency> path) =>
        new(
            [
                .. path.Select(x => new DependencyJson(
                    x.From,
                    x.FromOutput,
                    x.To,
                    x.ToOutput,
                    x.Kind.ToString().ToLowerInvariant(),
                    x.Span?.ToString()
                )),
            ],
            []
        );

    public static WhyJson Of(IEnumerable<RuntimePath> paths) => new([], [.. paths]);
}

/// <summary>One dependency; the place is <c>file:line:column</c>.</summary>
internal sealed record DependencyJson(
    string From,
    string? FromOutput,
    string To,
    string? ToOutput,
    string Kind,
    string? Place
);
