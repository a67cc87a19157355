using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Authoring;

/// <summary>
/// Writes a recipe as people do: as short as it can be, keys aligned, and a comment behind each guess.
/// </summary>
internal static class RecipeDraft
{
    /// <summary>The recipe as far as it is needed to pin its source.</summary>
    public static string Pinned(NewRequest request, ReleaseName release) => Text(request, release, [], null, []);

    /// <summary>The whole recipe.</summary>
    /// <param name="request">Name and place.</param>
    /// <param name="release">Version and templates.</param>
    /// <param name="facts">Summary, license and homepage, by key; those that are null are left to a person.</param>
    /// <param name="plan">How it is built.</param>
    /// <param name="needs">Packages that the build needs.</param>
    public static string Whole(
        NewRequest request,
        ReleaseName release,
        ImmutableArray<(string Key, Finding? Value)> facts,
        BuildPlan plan,
        ImmutableArray<string> needs
    ) => Text(request, release, facts, plan, needs);

    private static string Text(
        NewRequest request,
        ReleaseName release,
        ImmutableArray<(string Key, Finding? Value)> facts,
        BuildPlan? plan,
        ImmutableArray<string> needs
    )
    {
        var text = new StringBuilder();
        List<(string Key, string Value, string? Comment)> top =
        [
            ("name", TomlString.Basic(request.Name), null),
            ("version", TomlString.Basic(release.Version), null),
        ];
        top.AddRange(
            facts
                .Where(x => x.Value is not null)
                .Select(x =>
                    (x.Key, TomlString.Basic(x.Value!.Value), x.Value.IsGuess ? $"guessed from {x.Value.From}" : null)
                )
        );
        Write(text, top);
        foreach (var (key, _) in facts.Where(x => x.Value is null))
            text.Append($"# {key}: the source does not tell it\n");
        text.Append("\n[source]\n");
        Write(
            text,
            request.Archive is null
                ? [("git", TomlString.Basic(request.Git!), null), ("tag", TomlString.Basic(release.Template), null)]
                : [("archive", TomlString.Basic(release.Template), null)]
        );
        if (plan is not null)
            WriteBuild(text, plan, needs);
        return text.ToString();
    }

    private static void WriteBuild(StringBuilder text, BuildPlan plan, ImmutableArray<string> needs)
    {
        var comment = plan.Remark ?? (plan.IsGuess ? $"guessed from {plan.From}" : null);
        text.Append('\n');
        if (comment is not null)
            text.Append($"# {comment[..1].ToUpperInvariant()}{comment[1..]}.\n");
        text.Append("[build]\n");
        List<(string Key, string Value, string? Comment)> lines = [];
        if (!needs.IsEmpty)
            lines.Add(("needs", List(needs), null));
        lines.Add(("system", TomlString.Basic(plan.System.ToString().ToLowerInvariant()), null));
        foreach (
            var (key, arguments) in (ReadOnlySpan<(string, ImmutableArray<string>)>)
                [("configure", plan.Configure), ("compile", plan.Compile), ("install", plan.Install)]
        )
        {
            if (!arguments.IsEmpty)
                lines.Add((key, List(arguments), null));
        }
        Write(text, lines);
        if (plan.Steps.IsEmpty)
            return;
        text.Append("\n[build.steps]\n");
        Write(text, [.. plan.Steps.Select(x => (x.Step, TomlString.Basic(x.Script), (string?)null))]);
    }

    private static void Write(StringBuilder text, List<(string Key, string Value, string? Comment)> lines)
    {
        var width = lines.Max(x => x.Key.Length);
        foreach (var (key, value, comment) in lines)
            text.Append(key.PadRight(width))
                .Append(" = ")
                .Append(value)
                .Append(comment is null ? "" : $" # {comment}")
                .Append('\n');
    }

    private static string List(ImmutableArray<string> values) =>
        $"[{string.Join(", ", values.Select(TomlString.Basic))}]";
}
