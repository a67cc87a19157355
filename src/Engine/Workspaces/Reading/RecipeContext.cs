using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>What reading the parts of one recipe has in common.</summary>
internal sealed record RecipeContext(RecipeLocation Location, FaultList Faults)
{
    public SourceSpan Span(TextRange range) => Faults.Source.Span(range);

    public void Fault(TextRange range, string message) => Faults.Add(range, message);

    /// <summary>A fault if both keys are written, at the second.</summary>
    public void Exclude(CheckedTable table, string key, string other, string message)
    {
        if (table.Place(key) is { } first && table.Place(other) is { } second)
            Fault(first.Start > second.Start ? first : second, message);
    }

    /// <summary>A fault if a key is written without the other, at the key.</summary>
    public void Demand(CheckedTable table, string key, string other)
    {
        if (table.Place(key) is { } place && table.Place(other) is null)
            Fault(place, $"'{key}' needs '{other}' beside it");
    }

    public RecipeReference? Recipe(TomlText? text) =>
        text is null ? null : new RecipeReference(text.Value, Span(text.Range));

    public OutputReference Output(TomlText text) => OutputReference.Parse(text.Value, Span(text.Range));

    public ImmutableArray<OutputReference> Outputs(CheckedTable table, string key) =>
        [.. table.Texts(key).Select(Output)];

    /// <summary>A fault if the recipe's folder has no such file.</summary>
    public void DemandFile(TomlText name)
    {
        if (!File.Exists(Path.Combine(Location.Folder, name.Value)))
            Fault(name.Range, $"there is no file '{name.Value}' in {Areas.Directory(Location.Area)}/{Location.Name}");
    }

    /// <summary>The script of a step, with the places of its variables.</summary>
    public static StepScript Script(TomlText text, FaultList faults)
    {
        var words = ImmutableArray.CreateBuilder<RecipeReference>();
        var from = text.Range.Start;
        foreach (var (word, _) in StepScript.Find(text.Value))
        {
            // The value has no escapes any more, so that its offsets are not those of the file.
            var start = faults.Source.Text.IndexOf($"{{{word}}}", from, StringComparison.Ordinal);
            var isFound = start >= 0 && start < text.Range.End;
            var range = isFound ? new TextRange(start, start + word.Length + 2) : text.Range;
            from = isFound ? range.End : from;
            words.Add(new(word, faults.Source.Span(range)));
        }
        return new(text.Value, words.ToImmutable());
    }

    /// <summary>The value of a variable of steps.</summary>
    public static VariableValue Value(TomlNode node) =>
        node is TomlText text
            ? VariableValue.Of(text.Value)
            : VariableValue.Of([.. ((TomlList)node).Items.Cast<TomlText>().Select(x => x.Value)]);

    public static ImmutableArray<string> Strings(CheckedTable table, string key) =>
        [.. table.Texts(key).Select(x => x.Value)];

    public static ImmutableSortedDictionary<string, string> Map(CheckedTable table, string key) =>
        table.TextTable(key).ToImmutableSortedDictionary(x => x.Name.Value, x => x.Value.Value, StringComparer.Ordinal);

    public static int? Mode(TomlText? text) =>
        text is not null && FileModes.TryParse(text.Value, out var mode) ? mode : null;

    public static long? Size(TomlText? text) =>
        text is not null && ByteSize.TryParse(text.Value, out var size) ? size : null;

    public static TimeSpan? Duration(TomlText? text) =>
        text is not null && Durations.TryParse(text.Value, out var duration) ? duration : null;
}
