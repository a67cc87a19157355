using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Cli.Output;

/// <summary>Build systems, for people.</summary>
internal static class SystemView
{
    private const string Indent = "      ";

    /// <summary>All with their sentences.</summary>
    public static void WriteAll(TextWriter writer, IEnumerable<BuildSystem> systems)
    {
        var list = new TextTable("system", "summary", "file");
        foreach (var system in systems)
            list.Add(system.Name, system.Summary, system.File);
        list.Add(BuildSystem.None, "No build system: the recipe writes every step", "");
        list.Write(writer);
        writer.WriteLine("\nsee: recipes help system NAME");
    }

    /// <summary>All that a recipe gets by naming it.</summary>
    public static void Write(TextWriter writer, BuildSystem system)
    {
        writer.WriteLine($"system = \"{system.Name}\"  {Printable.Line(system.Summary)}");
        writer.WriteLine($"{Indent}in: {system.File}");
        if (!system.Needs.IsEmpty)
            writer.WriteLine($"{Indent}brings: {string.Join(", ", system.Needs)}");
        foreach (var (name, value) in system.Environment)
            writer.WriteLine($"{Indent}sets: {name}={Printable.Line(value)}");
        if (!system.AllowsOutOfTree)
            writer.WriteLine($"{Indent}chooses the directory of the build itself");
        foreach (var variable in system.Variables.Values)
            Write(writer, variable);
        foreach (var step in BuildSpec.StepNames)
        {
            if (!system.Steps.TryGetValue(step, out var script))
                continue;
            writer.WriteLine($"\n  {step}");
            foreach (var line in script.Text.TrimEnd().Split('\n'))
                writer.WriteLine((Indent + Printable.Line(line)).TrimEnd());
        }
    }

    private static void Write(TextWriter writer, SystemVariable variable)
    {
        var choices = variable.Choices.IsEmpty ? "" : $", one of {string.Join(", ", variable.Choices)}";
        var value = variable.Default.IsList
            ? $"[{string.Join(", ", variable.Default.Words.Select(x => $"\"{x}\""))}]"
            : $"\"{variable.Default.Words[0]}\"";
        writer.WriteLine(
            $"\n  {variable.Name}  ({(variable.Default.IsList ? "strings" : "string")}{choices}; {Printable.Line(value)} by default)"
        );
        writer.WriteLine(Indent + Printable.Line(variable.Meaning));
    }
}

/// <summary>The answer of <c>help system --json</c>.</summary>
internal sealed record SystemsJson(ImmutableArray<SystemJson> Systems);

/// <summary>One build system.</summary>
/// <param name="Name">As a recipe names it.</param>
/// <param name="File">Relative to the workspace.</param>
/// <param name="Summary">One line.</param>
/// <param name="Needs">Outputs added to the build root.</param>
/// <param name="Environment">Further variables of the environment.</param>
/// <param name="AllowsOutOfTree">Whether recipes may say <c>out-of-tree</c>.</param>
/// <param name="Variables">What a recipe may set.</param>
/// <param name="Steps">Step name → script.</param>
internal sealed record SystemJson(
    string Name,
    string File,
    string Summary,
    ImmutableArray<string> Needs,
    ImmutableSortedDictionary<string, string> Environment,
    bool AllowsOutOfTree,
    ImmutableArray<SystemVariableJson> Variables,
    ImmutableSortedDictionary<string, string> Steps
)
{
    public static SystemJson Of(BuildSystem system) =>
        new(
            system.Name,
            system.File,
            system.Summary,
            [.. system.Needs.Select(x => x.ToString())],
            system.Environment,
            system.AllowsOutOfTree,
            [
                .. system.Variables.Values.Select(x => new SystemVariableJson(
                    x.Name,
                    x.Meaning,
                    x.Default.Words,
                    x.Default.IsList,
                    x.Choices
                )),
            ],
            system.Steps.ToImmutableSortedDictionary(x => x.Key, x => x.Value.Text, StringComparer.Ordinal)
        );
}

/// <summary>A variable of a build system.</summary>
/// <param name="Name">As steps have it in braces.</param>
/// <param name="Meaning">One line.</param>
/// <param name="Default">The words of the default; of a text the one.</param>
/// <param name="IsList">Whether it is a list of strings.</param>
/// <param name="Choices">The words that it may be; empty for any.</param>
internal sealed record SystemVariableJson(
    string Name,
    string Meaning,
    ImmutableArray<string> Default,
    bool IsList,
    ImmutableArray<string> Choices
);
