using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class RuntimeProvidersTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ContentStore store;
    private readonly Dictionary<string, BuiltPackage> results = new(StringComparer.Ordinal);

    public RuntimeProvidersTests()
    {
        store = ContentStore.Open(directory.Join("store"), records: DeclaredRecords.All);
        Add("zlib", "usr/lib/libz.so.1", []);
        Add("other", "usr/lib/libother.so", []);
        Add("tool", "usr/bin/tool", ["libz.so.1"], "tool:main", "other:main", "zlib:main");
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_library_is_found_among_what_the_package_was_built_with() => Assert.Equal(["zlib:main"], Missing());

    [Fact]
    public void An_interpreter_is_found_among_them_too()
    {
        Add("perl", "usr/bin/perl", []);
        Add("tool", "usr/bin/tool", [], ["tool:main", "perl:main"], "/usr/bin/perl");

        Assert.Equal(["perl:main"], Missing());
    }

    [Theory]
    [InlineData("$ORIGIN/../lib/app")]
    [InlineData("/usr/lib/app")]
    public void Private_libraries_of_other_packages_are_found_through_the_run_path_of_the_program(string runPath)
    {
        AddPrivate(runPath);

        Assert.Equal(["inner:main", "outer:main", "zlib:main"], Missing());
    }

    [Fact]
    public void Private_libraries_are_not_found_where_nothing_has_a_run_path()
    {
        AddPrivate();

        Assert.Empty(Missing());
    }

    [Fact]
    public void What_was_found_is_looked_up_the_next_time_and_no_listing_is_read()
    {
        Missing();
        Directory.Delete(directory.Join("store", "listings"), recursive: true);

        Assert.Equal(["zlib:main"], Missing());
    }

    [Fact]
    public void Another_tree_of_a_package_around_the_root_is_searched_anew()
    {
        Missing();
        Add("zlib", "usr/lib/libz.so.2", []);
        // A result names its own candidates, and is new where one of them is.
        Add("tool", "usr/bin/tool", ["libz.so.1"], "tool:main", "other:main", "zlib:main");

        Assert.Empty(Missing());
    }

    [Fact]
    public void What_was_found_is_dropped_with_a_damaged_tree_that_took_part()
    {
        Missing();

        var dropped = store.DropResultsOf([results["other"].Outputs["main"].Tree.Hash]);

        Assert.Equal(["providers"], dropped.Select(x => x.Kind));
    }

    [Fact]
    public void A_store_that_can_only_be_asked_answers_and_keeps_nothing()
    {
        var asked = ContentStore.OpenToAsk(
            directory.Join("store"),
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(["zlib:main"], new RuntimeProviders(asked).Missing(Root, results));
        Assert.False(Directory.Exists(directory.Join("store", "records", "providers")));
    }

    private ImmutableSortedSet<string> Missing() => new RuntimeProviders(store).Missing(Root, results);

    private Dictionary<string, BuiltOutput> Root =>
        new(StringComparer.Ordinal) { ["tool:main"] = results["tool"].Outputs["main"] };

    /// <summary>A program needs a library, which needs a further one, which needs one that anybody finds.</summary>
    private void AddPrivate(params string[] runPath)
    {
        Add("inner", "usr/lib/app/libb.so", ["libz.so.1"], "inner:main", "zlib:main");
        Add("outer", "usr/lib/app/liba.so", ["libb.so"], "outer:main", "inner:main");
        Add("tool", "usr/bin/tool", ["liba.so"], ["tool:main", "outer:main"], interpreter: null, runPath);
    }

    private void Add(string name, string file, ImmutableArray<string> needed, params string[] candidates) =>
        Add(name, file, needed, candidates, interpreter: null);

    private void Add(
        string name,
        string file,
        ImmutableArray<string> needed,
        string[] candidates,
        string? interpreter,
        params string[] runPath
    )
    {
        var builder = new TreeBuilder();
        builder.AddFile(file, Digest.OfText(file), isExecutable: true);
        var tree = builder.Build();
        store.AddListing(tree);
        var scan = new OutputScan([new(file, Path.GetFileName(file), needed, [.. runPath], interpreter)]);
        var output = new BuiltOutput("main", tree.Digest, 0, scan, []);
        results[name] = new(
            TestRecipe.Package(name),
            tree.Digest,
            ImmutableSortedDictionary<string, BuiltOutput>.Empty.Add("main", output),
            [.. candidates]
        );
    }
}
