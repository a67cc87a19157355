using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>Reads <c>[outputs]</c> and adds the default outputs.</summary>
internal static class OutputsReader
{
    private const string Main = OutputName.Main;
    private const string Development = "dev";
    private const string Documentation = "doc";
    private const string Tools = OutputName.Tools;

    private static readonly ImmutableArray<string> DevelopmentFiles =
    [
        "usr/bin/*-config",
        "usr/include/**",
        "usr/lib/*.a",
        "usr/lib/*.o",
        "usr/lib/*.so",
        "usr/lib/pkgconfig/**",
        "usr/share/pkgconfig/**",
        "usr/lib/cmake/**",
        "usr/share/aclocal/**",
    ];
    private static readonly ImmutableArray<string> DocumentationFiles =
    [
        "usr/share/doc/**",
        "usr/share/man/**",
        "usr/share/info/**",
    ];
    private static readonly ImmutableArray<string> Programs = ["usr/bin/**"];

    public static ImmutableArray<OutputSpec> Read(CheckedTable root, RecipeContext context)
    {
        var outputs = ImmutableArray.CreateBuilder<OutputSpec>();
        var written = root.NamedTables("outputs");
        foreach (var (name, table) in written)
        {
            if (Written(name, table, context) is { } output)
                outputs.Add(output);
        }
        foreach (var name in (ReadOnlySpan<string>)[Development, Documentation, Main])
        {
            if (!written.Any(x => x.Name.Value == name))
                outputs.Add(Default(name, context, []));
        }
        // Who splits a package says where its programs go.
        var isSplit = outputs.Any(x => x.Span is not null && x.Name is not (Development or Documentation));
        if (!isSplit && !written.Any(x => x.Name.Value == Tools))
            outputs.Add(Default(Tools, context, []));
        return outputs.ToImmutable();
    }

    private static OutputSpec? Written(TomlText name, CheckedTable table, RecipeContext context)
    {
        var requires = context.Outputs(table, "requires");
        if (table.Place("files") is not { } place)
        {
            if (name.Value is Main or Development or Documentation or Tools)
                return Default(name.Value, context, requires) with { Yields = table.Boolean("yields") ?? false };
            context.Fault(table.Range, $"the output '{name.Value}' needs 'files'");
            return null;
        }
        if (!table.Has("files"))
            return null;
        var files = RecipeContext.Strings(table, "files");
        if (files.IsEmpty && name.Value is Development or Documentation or Tools)
            return null;
        if (files.IsEmpty)
            context.Fault(place, EmptyMessage(name.Value));
        return new OutputSpec
        {
            Name = name.Value,
            Files = files,
            Requires = name.Value == Development ? WithMain(context, requires) : requires,
            Yields = table.Boolean("yields") ?? false,
            Span = context.Span(name.Range),
        };
    }

    private static string EmptyMessage(string name) =>
        name == Main
            ? "the output 'main' cannot be switched off: it takes what no other output takes"
            : $"the output '{name}' has no globs";

    /// <summary>An output of which the recipe gives no files.</summary>
    private static OutputSpec Default(string name, RecipeContext context, ImmutableArray<OutputReference> requires) =>
        new()
        {
            Name = name,
            Files = name switch
            {
                Development => DevelopmentFiles,
                Documentation => DocumentationFiles,
                Tools => Programs,
                _ => [],
            },
            // Programs read files of main that no scan can see.
            Requires = name is Development or Tools ? WithMain(context, requires) : requires,
        };

    private static ImmutableArray<OutputReference> WithMain(
        RecipeContext context,
        ImmutableArray<OutputReference> requires
    ) => requires.Insert(0, new OutputReference(context.Location.Name, Main, null));
}
