using Recipes.Engine.Comparison;
using Xunit;

namespace Recipes.Integration.Tests.Comparison;

public sealed class BreakingSymbolsTests : IDisposable
{
    private readonly TinyLibrary tiny = new();

    [Fact]
    public async Task A_symbol_removed_under_the_same_soname_is_caught_with_the_right_dependent()
    {
        var before = await tiny.LibraryAsync("libtiny.so.1", "libtiny.so.1.0", "tiny_old", "tiny_kept");
        var user = await tiny.ProgramAsync("user:main", "usr/bin/user", ["libtiny.so.1.0"], "tiny_old", "tiny_kept");
        var bystander = await tiny.ProgramAsync("bystander:main", "usr/bin/bystander", ["libtiny.so.1.0"], "tiny_kept");
        var after = await tiny.LibraryAsync("libtiny.so.1", "libtiny.so.1.1", "tiny_kept", "tiny_new");

        var breaking = Assert.Single(BreakingSymbols.Find(before, after, [user, bystander]));

        Assert.Equal(("libtiny.so.1", "tiny_old"), (breaking.Soname, breaking.Symbol));
        Assert.Equal([new SymbolUser("user:main", "usr/bin/user")], breaking.Users);
    }

    [Fact]
    public async Task The_comparison_pairs_the_library_by_its_soname_though_its_file_has_another_name()
    {
        var before = await tiny.LibraryAsync("libtiny.so.1", "libtiny.so.1.0", "tiny_old", "tiny_kept");
        var after = await tiny.LibraryAsync("libtiny.so.1", "libtiny.so.1.1", "tiny_kept", "tiny_new");

        var comparison = OutputComparison.Of(before, after);

        var change = Assert.Single(comparison.Elf);
        Assert.Equal(("usr/lib/libtiny.so.1.0", "usr/lib/libtiny.so.1.1"), (change.PathBefore, change.PathAfter));
        Assert.Equal(["tiny_new"], change.Exported.Added);
        Assert.Equal(["tiny_old"], change.Exported.Removed);
        Assert.True(comparison.Sonames.IsEmpty);
    }

    [Fact]
    public async Task Under_a_new_soname_nothing_breaks()
    {
        var before = await tiny.LibraryAsync("libtiny.so.1", "libtiny.so.1.0", "tiny_old");
        var user = await tiny.ProgramAsync("user:main", "usr/bin/user", ["libtiny.so.1.0"], "tiny_old");
        var after = await tiny.LibraryAsync("libtiny.so.2", "libtiny.so.2.0", "tiny_new");

        Assert.Empty(BreakingSymbols.Find(before, after, [user]));
        var sonames = OutputComparison.Of(before, after).Sonames;
        Assert.Equal(["libtiny.so.2"], sonames.Added);
        Assert.Equal(["libtiny.so.1"], sonames.Removed);
    }

    [Fact]
    public async Task A_removed_symbol_that_nobody_uses_is_told_without_users()
    {
        var before = await tiny.LibraryAsync("libtiny.so.1", "libtiny.so.1.0", "tiny_old", "tiny_kept");
        var after = await tiny.LibraryAsync("libtiny.so.1", "libtiny.so.1.1", "tiny_kept");

        Assert.Empty(Assert.Single(BreakingSymbols.Find(before, after, [])).Users);
    }

    [Fact]
    public async Task A_symbol_that_moved_to_another_library_which_the_user_names_breaks_nobody()
    {
        var first = await tiny.LibraryAsync("libone.so.1", "libone.so.1", "moved", "kept_one");
        var second = await tiny.LibraryAsync("libtwo.so.1", "libtwo.so.1", "kept_two");
        var user = await tiny.ProgramAsync(
            "user:main",
            "usr/bin/user",
            ["libone.so.1", "libtwo.so.1"],
            "moved",
            "kept_two"
        );
        var firstAfter = await tiny.LibraryAsync("libone.so.1", "libone.so.1", "kept_one");
        var secondAfter = await tiny.LibraryAsync("libtwo.so.1", "libtwo.so.1", "kept_two", "moved");

        var breaking = BreakingSymbols.Find(
            TinyLibrary.Together(first, second),
            TinyLibrary.Together(firstAfter, secondAfter),
            [user]
        );

        Assert.Empty(Assert.Single(breaking).Users);
    }

    public void Dispose() => tiny.Dispose();
}
