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
    public static string Pinned(NewRequest request, ReleaseName release) =>
        Text(request.Name, release.Version, SourceOf(request, release), [], null, []);

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
    ) => Text(request.Name, release.Version, SourceOf(request, release), facts, plan, needs);

    /// <summary>The whole recipe of what is in the workspace's own repository.</summary>
    /// <param name="name">The recipe's name.</param>
    /// <param name="version">The version of the code.</param>
    /// <param name="folder">The folder of the code, relative to the workspace, or <c>.</c>.</param>
    /// <param name="except">Globs of what is not code there.</param>
    /// <param name="facts">As with the other.</param>
    /// <param name="plan">How it is built.</param>
    /// <param name="needs">Packages that the build needs.</param>
    public static string OfCode(
        string name,
        string version,
        string folder,
        ImmutableArray<string> except,
        ImmutableArray<(string Key, Finding? Value)> facts,
        BuildPlan plan,
        ImmutableArray<string> needs
    )
    {
        List<(string, string, string?)> source = [("path", TomlString.Basic(folder), null)];
        if (!except.IsEmpty)
            source.Add(("except", List(except), null));
        return Text(name, version, source, facts, plan, needs);
    }

    private static List<(string, string, string?)> SourceOf(NewRequest request, ReleaseName release) =>
        request.Archive is null
            ? [("git", TomlString.Basic(request.Git!), null), ("tag", TomlString.Basic(release.Template), null)]
            : [("archive", TomlString.Basic(release.Template), null)];

    private static string Text(
        string name,
        string version,
        List<(string Key, string Value, string? Comment)> source,
        ImmutableArray<(string Key, Finding? Value)> facts,
        BuildPlan? plan,
        ImmutableArray<string> needs
    )
    {
        var text = new StringBuilder();
        List<(string Key, string Value, string? Comment)> top =
        [
            ("name", TomlString.Basic(name), null),
            ("version", TomlString.Basic(version), null),
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
        Write(text, source);
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
        lines.Add(("system", TomlString.Basic(plan.System), null));
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
