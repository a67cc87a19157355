using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>A build system as far as it could be read, and what is wrong with it.</summary>
internal sealed record SystemReadResult(BuildSystem System, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Reads <c>systems/NAME.toml</c> and checks all that can be said of it alone.</summary>
internal static class SystemReader
{
    public const string Folder = "systems";
    public const string Ending = ".toml";

    /// <summary>What steps have besides the variables that a system declares.</summary>
    public static ImmutableArray<string> Given { get; } = ["name", "version", "source", .. BuildSpec.StepNames];

    /// <summary>Reads the systems of a workspace or collection, sorted by name; hidden files are left out.</summary>
    /// <param name="root">Its folder.</param>
    /// <param name="collection">Null for the workspace itself.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IEnumerable<SystemReadResult> ReadAll(string root, Collection? collection)
    {
        var folder = Path.Join(root, Folder);
        if (!Directory.Exists(folder))
            return [];
        return
        [
            .. Directory
                .EnumerateFiles(folder, "*" + Ending)
                .Where(x => !Path.GetFileName(x).StartsWith('.'))
                .Order(StringComparer.Ordinal)
                .Select(x => Read(x, collection)),
        ];
    }

    private static SystemReadResult Read(string path, Collection? collection)
    {
        var file = $"{(collection is null ? "" : collection.Folder + "/")}{Folder}/{Path.GetFileName(path)}";
        try
        {
            return Read(SourceText.FromUtf8(file, TomlFile.Read(path)), collection);
        }
        catch (DecoderFallbackException)
        {
            return Faulty(file, collection, [new("the file is not UTF-8 text", SourceSpan.OfFile(file))]);
        }
        catch (EngineException e)
        {
            return Faulty(file, collection, [new(e.Message, SourceSpan.OfFile(file))]);
        }
    }

    /// <summary>Reads a text; the file's name is that of the system.</summary>
    public static SystemReadResult Read(SourceText text, Collection? collection = null)
    {
        var faults = new FaultList(text);
        if (TomlReader.Read(faults) is not { } document)
            return Faulty(text.File, collection, faults.Faults);
        var root = new KeyChecker(SystemKeys.Root, faults, new Template("", null)).Document(document);
        var name = NameOf(text.File);
        if (name == BuildSystem.None)
            faults.Add(
                TextRange.FirstCharacter,
                $"'{name}' is the word for no build system; give the file another name"
            );
        else if (Forms.RecipeName.Check(name) is { } fault)
            faults.Add(TextRange.FirstCharacter, fault);
        BuildReader.CheckEnvironment(root, faults);
        var system = new BuildSystem
        {
            Name = name,
            File = text.File,
            Span = text.Span(TextRange.FirstCharacter),
            Collection = collection,
            Replaces = root.Text("replaces") is { } replaced ? new(replaced.Value, text.Span(replaced.Range)) : null,
            Summary = root.Text("summary")?.Value ?? "",
            Needs = [.. root.Texts("needs").Select(x => OutputReference.Parse(x.Value, text.Span(x.Range)))],
            AllowsOutOfTree = root.Boolean("out-of-tree") ?? true,
            Environment = RecipeContext.Map(root, "environment"),
            Variables = root.NamedTables("variables")
                .ToImmutableSortedDictionary(
                    x => x.Name.Value,
                    x => Variable(x.Name, x.Table, faults),
                    StringComparer.Ordinal
                ),
            Steps = BuildReader
                .Steps(root.Table("steps"), faults)
                .ToImmutableSortedDictionary(x => x.Key, x => x.Value.Value, StringComparer.Ordinal),
        };
        // What is faulty is left out, and would be missed here.
        return new(system, faults.Faults is [] ? [.. FaultsOfWords(system)] : faults.Faults);
    }

    private static SystemVariable Variable(TomlText name, CheckedTable table, FaultList faults)
    {
        var choices = RecipeContext.Strings(table, "choices");
        var value = table.Value("default") is { } written ? RecipeContext.Value(written) : VariableValue.Of("");
        if (Given.Contains(name.Value))
            faults.Add(name.Range, $"'{name.Value}' is set in every build system and cannot be declared");
        else if (choices is not [] && value.Words.Except(choices).FirstOrDefault() is { } other)
            faults.Add(table.Place("default")!.Value, $"the default '{other}' is not among the choices");
        return new(name.Value, table.Text("meaning")?.Value ?? "", value, choices, faults.Source.Span(name.Range));
    }

    private static IEnumerable<Diagnostic> FaultsOfWords(BuildSystem system)
    {
        var used = system.Steps.Values.SelectMany(x => x.Words).ToList();
        foreach (var word in used.Where(x => !Given.Contains(x.Name) && !system.Variables.ContainsKey(x.Name)))
            yield return new(StepWords.Unknown(word.Name, system.Variables.Keys), word.Span);
        foreach (var variable in system.Variables.Values.Where(x => used.All(w => w.Name != x.Name)))
            yield return new($"no step has the variable '{variable.Name}': write {{{variable.Name}}}", variable.Span);
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    private static SystemReadResult Faulty(string file, Collection? collection, IReadOnlyList<Diagnostic> faults) =>
        new(
            new()
            {
                Name = NameOf(file),
                File = file,
                Span = SourceSpan.OfFile(file),
                Collection = collection,
            },
            faults
        );
}
