using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>The variables in the steps of one build, and what is wrong with them.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="build">Its <c>[build]</c>, with what it takes over.</param>
/// <param name="system">Its build system; null for none.</param>
internal sealed class StepWords(RecipeReadResult recipe, WrittenBuild build, BuildSystem? system)
{
    // Where a recipe sets no variables, its own steps are no templates: braces are the shell's.
    private IEnumerable<RecipeReference> OwnWords =>
        build.Variables.IsEmpty ? [] : build.Steps.Values.SelectMany(x => x.Value.Words);

    private IEnumerable<RecipeReference> SystemWords =>
        system?.Steps.Where(x => !build.Steps.ContainsKey(x.Key)).SelectMany(x => x.Value.Words) ?? [];

    /// <summary>The message for a word that nothing declares.</summary>
    public static string Unknown(string word, IEnumerable<string> declared)
    {
        var known = declared.Concat(SystemReader.Given).ToList();
        return $"there is no variable '{word}'; "
            + (Suggestion.For(word, known) ?? $"for braces of the shell, write a blank: {{ {word} }}");
    }

    /// <summary>All that is wrong.</summary>
    public IEnumerable<Diagnostic> Faults() =>
        OfArguments().Concat(OfVariables()).Concat(OfOwnSteps()).Concat(OfGiven()).OfType<Diagnostic>();

    /// <summary>Arguments that nothing would ever see.</summary>
    private IEnumerable<Diagnostic?> OfArguments()
    {
        foreach (var (step, arguments) in build.Arguments)
        {
            if (OwnWords.Concat(SystemWords).Any(x => x.Name == step))
                continue;
            yield return build.Steps.TryGetValue(step, out var own)
                ? At(
                    arguments.Span,
                    $"the arguments '{step}' go nowhere: "
                        + (
                            IsOwn(own.Span)
                                ? $"[build.steps] has its own '{step}'"
                                : $"'{build.Like!.Name}' writes that step itself"
                        ),
                    IsOwn(own.Span) ? null : own.Span
                )
                : At(
                    arguments.Span,
                    $"the system '{system?.Name ?? BuildSystem.None}' "
                        + (
                            system?.Steps.ContainsKey(step) == true
                                ? $"takes no arguments for its {step} step"
                                : $"has no {step} step; write one in [build.steps]"
                        ),
                    system?.Span
                );
        }
        if (build.OutOfTree is { Value: true } outOfTree && system is { AllowsOutOfTree: false })
            yield return At(
                outOfTree.Span,
                $"the system '{system.Name}' chooses the directory of the build itself; leave 'out-of-tree' out",
                system.Span
            );
    }

    private IEnumerable<Diagnostic?> OfVariables()
    {
        foreach (var (name, set) in build.Variables)
        {
            if (Fault(name, set.Value) is { } fault)
                yield return At(set.Span, fault, (system?.Variables.GetValueOrDefault(name)?.Span) ?? system?.Span);
        }
    }

    private string? Fault(string name, VariableValue value)
    {
        var isUsed = OwnWords.Concat(SystemWords).Any(x => x.Name == name);
        if (BuildSpec.StepNames.Contains(name))
            return $"arguments of a step are a key of [build]: {name} = […]";
        if (SystemReader.Given.Contains(name))
            return $"the variable '{name}' is set in every build and cannot be changed";
        if (system?.Variables.GetValueOrDefault(name) is not { } declared)
            return isUsed ? null
                : system is null ? $"no step has the variable '{name}': write {{{name}}}"
                : Suggestion.Append(
                    $"the system '{system.Name}' has no variable '{name}', and no step of the recipe has it",
                    name,
                    system.Variables.Keys
                );
        if (value.IsList != declared.Default.IsList)
            return $"the variable '{name}' of the system '{system.Name}' is {declared.Default.Kind}, not {value.Kind}";
        if (!declared.Choices.IsEmpty && value.Words.Except(declared.Choices).FirstOrDefault() is { } other)
            return $"unknown {name} '{other}'; "
                + (
                    Suggestion.For(other, declared.Choices)
                    ?? $"the system '{system.Name}' takes {string.Join(", ", declared.Choices)}"
                );
        return isUsed ? null : $"the variable '{name}' goes nowhere: [build.steps] has the step itself that takes it";
    }

    private IEnumerable<Diagnostic?> OfOwnSteps()
    {
        var known = build.Variables.Keys.Concat(system?.Variables.Keys ?? []).Concat(SystemReader.Given).ToHashSet();
        return OwnWords.Where(x => !known.Contains(x.Name)).Select(x => At(x.Span!, Unknown(x.Name, known), null));
    }

    private IEnumerable<Diagnostic?> OfGiven()
    {
        if (recipe.Recipe?.Version is null && recipe.VersionFrom is null)
        {
            foreach (var word in OwnWords.Concat(SystemWords).Where(x => x.Name == "version").Take(1))
                yield return At(word.Span!, "'{version}' is used here, but the recipe has no version", null);
        }
    }

    /// <summary>
    /// Of what it takes over, a fault is there already, unless another build system of its own makes it one.
    /// </summary>
    private Diagnostic? At(SourceSpan span, string message, SourceSpan? other) =>
        IsOwn(span) ? new(message, span) { Related = other }
        : IsOwn(build.System!.Span!) ? new(message, build.System.Span) { Related = span }
        : null;

    private bool IsOwn(SourceSpan span) => span.File == recipe.Location.File;
}
