using System.Collections.Immutable;
using CsCheck;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class LockFileTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private static readonly Gen<string> Text = Gen.String[Gen.Char[" abcXYZ019+.-~/:*\"\\\t\u00e9\u0001'"], 1, 12];
    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcz019+.-"], 1, 8].Select(x => "a" + x);
    private static readonly Gen<Digest> AnyDigest = Gen.Byte.Array[0, 9].Select(x => Digest.Of(x));
    private static readonly Gen<string> GitId = AnyDigest.Select(x => x.Hash[..40]);

    private static readonly Gen<Pin> AnyPin =
        from name in Name
        from texts in Text.Array[3]
        from git in Gen.Bool
        from only in Text.Array[0, 3]
        from ids in GitId.Array[2]
        from digests in AnyDigest.Array[2]
        select new Pin
        {
            Name = name,
            Version = texts[0],
            Archive = git ? null : texts[1],
            ArchiveDigest = git ? default : digests[0],
            Git = git ? texts[1] : null,
            Tag = git ? texts[2] : null,
            Inner = git ? null : texts[2],
            Also = git ? [] : [.. only.Select(x => new FurtherPin(x, digests[0], x))],
            Only = [.. only],
            Except = [.. only.AsEnumerable().Reverse()],
            Submodules = git ? [.. only] : [],
            Included = git ? [.. only.AsEnumerable().Reverse()] : [],
            Commit = ids[0],
            GitTree = ids[1],
            Tree = digests[1],
            Snapshot = git ? null : "20261123T000000Z",
        };

    private static readonly Gen<SeedPin> AnySeed =
        from name in Name
        from suite in Text
        from packages in Gen.Select(Name, Text, Text, AnyDigest).Array[0, 4]
        from tree in AnyDigest
        select new SeedPin(
            name,
            suite,
            tree.Hash,
            null,
            [
                .. packages
                    .DistinctBy(x => x.Item1)
                    .OrderBy(x => x.Item1, StringComparer.Ordinal)
                    .Select(x => new SeedPackagePin(x.Item1, x.Item2, x.Item3, x.Item4)),
            ],
            tree
        );

    private static LockFile Of(IEnumerable<Pin> pins, IEnumerable<SeedPin> seeds) =>
        new(
            pins.DistinctBy(x => x.Name).ToImmutableSortedDictionary(x => x.Name, x => x, StringComparer.Ordinal),
            seeds.DistinctBy(x => x.Name).ToImmutableSortedDictionary(x => x.Name, x => x, StringComparer.Ordinal)
        );

    [Fact]
    public void What_was_written_is_read() =>
        Gen.Select(AnyPin.Array[0, 4], AnySeed.Array[0, 2])
            .Sample(x =>
            {
                var text = Of(x.Item1, x.Item2).ToText();
                Assert.Equal(text, LockFile.Parse(text).ToText());
                var read = LockFile.Parse(text);
                foreach (var pin in Of(x.Item1, []).Sources.Values)
                {
                    Assert.Equal(WithoutLists(pin), WithoutLists(read.Sources[pin.Name]));
                    Assert.Equal(pin.Also, read.Sources[pin.Name].Also);
                    Assert.Equal(pin.Only, read.Sources[pin.Name].Only);
                    Assert.Equal(pin.Except, read.Sources[pin.Name].Except);
                    Assert.Equal(pin.Submodules, read.Sources[pin.Name].Submodules);
                    Assert.Equal(pin.Included, read.Sources[pin.Name].Included);
                }
            });

    private static Pin Pin(string name) =>
        new()
        {
            Name = name,
            Version = "1.0",
            Archive = $"https://example.org/{name}.tar.gz",
            ArchiveDigest = Digest.Of("x"u8),
            Commit = new string('c', 40),
            GitTree = new string('d', 40),
            Tree = Digest.Of("y"u8),
        };

    /// <summary>Lists are compared by what they hold.</summary>
    private static Pin WithoutLists(Pin pin) =>
        pin with
        {
            Only = [],
            Except = [],
            Submodules = [],
            Included = [],
            Also = [],
        };

    [Fact]
    public void What_takes_the_place_of_a_submodule_is_part_of_the_pin()
    {
        using var fixture = new SourceFixture();
        var span = new SourceSpan("pkgs/x/recipe.toml", 4, 1, 1, "x");
        var plain = SourceFixture.Source(null) with { Git = "https://example.org/x.git", Tag = "v1" };
        var filled = plain with { Include = plain.Include.Add("lib/sub", new RecipeReference("sub", span)) };
        var pin = Pin("x") with { Archive = null, Git = plain.Git, Tag = "v1" };

        Assert.Null(Difference(plain, pin));
        Assert.Null(Difference(filled, pin));
        Assert.Null(Difference(plain, pin with { Submodules = ["lib/sub"] }));
        Assert.Null(Difference(filled, pin with { Included = ["lib/sub"] }));
        Assert.Equal(
            "its submodule 'lib/sub' was pinned, the recipe includes 'sub' there",
            Difference(filled, pin with { Submodules = ["lib/sub"] })
        );
        Assert.Equal(
            "its submodule 'lib/sub' was left to 'include', the recipe includes nothing there",
            Difference(plain, pin with { Included = ["lib/sub"] })
        );
        Assert.Equal(
            "its except was nothing, the recipe says 'a, b'",
            Difference(plain with { Except = ["a", "b"] }, pin)
        );

        string? Difference(SourceSpec spec, Pin pinned) =>
            PinDifference.Of(fixture.Recipe("x", spec).OwnSource!, pinned);
    }

    [Fact]
    public void A_changed_pin_moves_only_its_own_lines()
    {
        var before = Of([Pin("a"), Pin("b"), Pin("c")], []);
        var after = Of([Pin("a"), Pin("b") with { Version = "9.9" }, Pin("c")], []);

        var changed = after.ToText().Split('\n').Except(before.ToText().Split('\n'));
        Assert.Equal(["version = \"9.9\""], changed);
    }

    [Fact]
    public void The_text_is_as_documented()
    {
        var pin = new Pin
        {
            Name = "seed-libstdc++",
            Version = "1.0",
            Archive = "https://example.org/x-1.0.tar.gz",
            ArchiveDigest = Digest.Of("archive"u8),
            Only = ["include/**", "a\"b"],
            Commit = new string('c', 40),
            GitTree = new string('d', 40),
            Tree = Digest.Of("tree"u8),
            Snapshot = "20261123T000000Z",
        };
        var seed = new SeedPin(
            "debian",
            "bookworm",
            "r",
            null,
            [new("make", "4.3", "pool/make.deb", Digest.Of("make"u8))],
            Digest.Of("root"u8)
        );

        Assert.Equal(
            $$"""
            # The exact source of every recipe. Written by 'recipes lock'; docs/lock.md describes it.
            version = 2

            [source."seed-libstdc++"]
            version = "1.0"
            archive = "https://example.org/x-1.0.tar.gz"
            archive-digest = "{{Digest.Of("archive"u8).Oci}}/7"
            only = ["include/**", "a\"b"]
            commit = "cccccccccccccccccccccccccccccccccccccccc"
            git-tree = "dddddddddddddddddddddddddddddddddddddddd"
            tree = "{{Digest.Of("tree"u8).Oci}}/4"
            snapshot = "20261123T000000Z"

            [seed.debian]
            suite = "bookworm"
            request = "r"
            tree = "{{Digest.Of("root"u8).Oci}}/4"
            packages = [
              { name = "make", version = "4.3", path = "pool/make.deb", digest = "{{Digest.Of("make"u8).Oci}}/4" },
            ]

            """,
            Of([pin], [seed]).ToText()
        );
    }

    [Fact]
    public void A_lock_with_what_was_made_outside_has_the_third_format_and_any_other_the_second()
    {
        var plain = Of([Pin("a")], []);
        var locks = plain with
        {
            Artifacts = plain.Artifacts.Add(
                "my app",
                new("my app", "bin/publish", Digest.Of("tree"u8)) { Only = ["*.dll"], Except = ["*.pdb", "a\"b"] }
            ),
        };

        Assert.Equal(
            plain.ToText().Replace("version = 2\n", "version = 3\n", StringComparison.Ordinal)
                + $"""

                [artifact."my app"]
                path = "bin/publish"
                only = ["*.dll"]
                except = ["*.pdb", "a\"b"]
                tree = "{Digest.Of("tree"u8).Oci}/4"

                """,
            locks.ToText()
        );
        var read = LockFile.Parse(locks.ToText());
        Assert.Equal(locks.ToText(), read.ToText());
        Assert.Equal(Digest.Of("tree"u8), read.Artifacts["my app"].Tree);
        Assert.NotEqual(locks.SemanticDigest, plain.SemanticDigest);
    }

    [Fact]
    public void A_lock_with_a_source_of_several_archives_has_the_third_format_too()
    {
        var pin = Pin("a") with
        {
            Also =
            [
                new("https://example.org/b.tar", Digest.Of("b"u8), "parts/b"),
                new("https://example.org/c.tar", Digest.Of("c"u8), "c"),
            ],
        };
        var plain = Of([Pin("a")], []).ToText();

        var text = Of([pin], []).ToText();

        Assert.Equal(
            plain
                .Replace("version = 2\n", "version = 3\n", StringComparison.Ordinal)
                .Replace(
                    "commit = ",
                    $$"""
                    also = [
                      { archive = "https://example.org/b.tar", digest = "{{Digest.Of(
                        "b"u8
                    ).Oci}}/1", into = "parts/b" },
                      { archive = "https://example.org/c.tar", digest = "{{Digest.Of("c"u8).Oci}}/1", into = "c" },
                    ]
                    commit = 
                    """,
                    StringComparison.Ordinal
                ),
            text
        );
        Assert.Equal(pin.Also, LockFile.Parse(text).Sources["a"].Also);
        Assert.Equal(text, LockFile.Parse(text).ToText());
    }

    [Fact]
    public void What_a_recipe_says_of_what_was_made_outside_is_held_against_its_pin()
    {
        using var fixture = new SourceFixture();
        var pin = new ArtifactPin("x", "bin/publish", Digest.Of("tree"u8)) { Only = ["*.dll"] };

        Assert.Null(Difference("bin/publish", ["*.dll"], []));
        Assert.Equal("its artifact was 'bin/publish', the recipe says 'out'", Difference("out", ["*.dll"], []));
        Assert.Equal("its only was '*.dll', the recipe says nothing", Difference("bin/publish", [], []));
        Assert.Equal("its except was nothing, the recipe says 'a'", Difference("bin/publish", ["*.dll"], ["a"]));

        string? Difference(string folder, ImmutableArray<string> only, ImmutableArray<string> except) =>
            PinDifference.Of(
                fixture
                    .Recipe("x", SourceFixture.Source(null) with { Artifact = folder, Only = only, Except = except })
                    .Artifact!,
                pin
            );
    }

    [Fact]
    public void A_lock_of_the_first_format_says_the_same_and_is_written_in_the_second()
    {
        var locks = Of([Pin("a")], []);
        var text = locks.ToText();
        var first = text.Replace("version = 2\n", "version = 1\n", StringComparison.Ordinal)
            .Replace("sha256:", "", StringComparison.Ordinal);

        Assert.NotEqual(text, first);
        Assert.Equal(text, LockFile.Parse(first).ToText());
    }

    [Fact]
    public void Line_ends_comments_and_order_take_no_part_in_its_meaning()
    {
        var text = Of([Pin("a"), Pin("b")], []).ToText();
        var parts = text.Split("\n[source.");
        var other = $"# mine\r\n{parts[0]}\n[source.{parts[2]}\n# more\n[source.{parts[1]}"
            .Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace("\n", "\r\n", StringComparison.Ordinal);

        Assert.NotEqual(text, other);
        Assert.Equal(LockFile.Parse(text).SemanticDigest, LockFile.Parse(other).SemanticDigest);
        Assert.NotEqual(LockFile.Parse(text).SemanticDigest, Of([Pin("a")], []).SemanticDigest);
    }

    [Fact]
    public void A_missing_file_is_an_empty_lock()
    {
        Assert.Equal(LockFile.Empty.ToText(), LockFile.Read(folder.Join("recipes.lock")).ToText());
    }

    [Fact]
    public void A_file_that_says_the_same_is_left_alone()
    {
        var path = folder.Join("recipes.lock");
        var pins = Of([Pin("a")], []);
        pins.Write(path);
        var stamp = new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, stamp);

        pins.Write(path);

        Assert.Equal(stamp, File.GetLastWriteTimeUtc(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told()
    {
        var path = folder.Join("none", "recipes.lock");
        var fault = Assert.Throws<EngineException>(() => LockFile.Empty.Write(path));
        Assert.StartsWith($"The lock '{path}' cannot be written: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_conflict_is_told_with_what_to_do()
    {
        var fault = Assert.Throws<EngineException>(() =>
            LockFile.Parse("version = 1\n<<<<<<< ours\n[source.a]\n=======\n[source.b]\n>>>>>>> theirs\n")
        );

        Assert.Equal(
            "recipes.lock:2:1: error: the file holds a merge conflict\n<<<<<<< ours\n"
                + "Take either side whole (git checkout --ours recipes.lock), then lock the sources: that pins what "
                + "is missing or differs.",
            fault.Message
        );
    }

    [Fact]
    public void Every_fault_is_told_with_its_line()
    {
        var fault = Assert.Throws<EngineException>(() =>
            LockFile.Parse(
                """
                version = 1
                [source.a]
                version = 5
                comit = "0"
                git-tree = "xyz"
                tree = "abc/1"
                commit = "0123456789012345678901234567890123456789"
                """
            )
        );

        Assert.Contains(
            "recipes.lock:3:11: error: 'version' in [source.a] has to be a string, not a number",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "recipes.lock:4:1: error: unknown key 'comit' in [source.a]; did you mean 'commit'?",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "recipes.lock:5:12: error: bad git object id 'xyz': it is 40 hexadecimal digits",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "recipes.lock:6:8: error: bad digest 'abc/1': it is 'sha256:', 64 hexadecimal digits, '/', and a size",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "recipes.lock is generated; restore it from version control, or delete what is faulty "
                + "and lock the sources.",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_newer_format_is_not_guessed_at()
    {
        var fault = Assert.Throws<EngineException>(() => LockFile.Parse("version = 4\nwhat = true\n"));
        Assert.Equal(
            "recipes.lock has format 4, and this version of recipes knows formats up to 3. Use a newer recipes.",
            fault.Message
        );
    }
}
