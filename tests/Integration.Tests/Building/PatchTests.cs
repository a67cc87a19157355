using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Integration.Tests.Sandboxes;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.Building;

/// <summary>Patches are applied once, by the engine: what is checked is what is built.</summary>
public sealed class PatchTests : IDisposable
{
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    private readonly SandboxFixture fixture = new();
    private readonly TinyWorkspace workspace;

    public PatchTests() => workspace = new(fixture);

    public void Dispose() => workspace.Dispose();

    /// <summary>What git can tell the difference of.</summary>
    public static TheoryData<string, Action<string>> Changes =>
        new()
        {
            { "a line", x => File.WriteAllText(Path.Join(x, "main.c"), "one\n2\nthree\n") },
            { "a mode", x => File.SetUnixFileMode(Path.Join(x, "main.c"), Executable) },
            { "a mode and a line", x => Script(Path.Join(x, "main.c"), "one\n2\nthree\n") },
            { "a pure rename", x => File.Move(Path.Join(x, "main.c"), Path.Join(x, "other.c")) },
            { "a new empty file", x => File.WriteAllText(Path.Join(x, "empty"), "") },
            { "a new program", x => Script(Path.Join(x, "autogen.sh"), "#!/bin/sh\n") },
            { "a new binary file", x => File.WriteAllBytes(Path.Join(x, "logo.png"), [0, 1, 2, 0, 255]) },
            { "a changed binary file", x => File.WriteAllBytes(Path.Join(x, "data.bin"), [0, 9, 2, 3, 0]) },
            { "a deleted file", x => File.Delete(Path.Join(x, "main.c")) },
            { "a deleted folder", x => Directory.Delete(Path.Join(x, "doc"), recursive: true) },
            { "a new link", x => File.CreateSymbolicLink(Path.Join(x, "link"), "main.c") },
            { "another target of a link", x => Link(Path.Join(x, "there"), "data.bin") },
            { "a file in place of a link", x => Script(Path.Join(x, "there"), "text\n") },
            { "a line of a file with CRLF", x => File.WriteAllText(Path.Join(x, "dos.bat"), "a\r\nc\r\n") },
            { "line ends alone", x => File.WriteAllText(Path.Join(x, "dos.bat"), "a\nb\n") },
            { "no line end at the end", x => File.WriteAllText(Path.Join(x, "main.c"), "one\ntwo\nthree") },
            { "names that have to be quoted", x => File.WriteAllText(Path.Join(x, "a \"b\"\tü.txt"), "text\n") },
            {
                "a rename with a change",
                x => Move(Path.Join(x, "main.c"), Path.Join(x, "doc/new.c"), "one\n2\nthree\n")
            },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Whatever_git_can_express_is_applied(string what, Action<string> change)
    {
        Assert.NotEmpty(what);
        var patch = Difference(change);
        Write(patch);

        var tree = await PatchAsync();

        Assert.Equal(
            fixture.AddTree(x =>
            {
                Fill(x);
                change(x);
            }),
            tree
        );
    }

    [Fact]
    public async Task A_build_starts_from_the_patched_tree()
    {
        Write(Difference(x => Script(Path.Join(x, "autogen.sh"), "#!/bin/sh\necho made\n")));

        var report = await workspace.BuildAsync(["c"]);

        Assert.Equal("made\n", workspace.Read(report, "c", "usr/made"));
        var plan = workspace.Standing()["c"].Plan!;
        Assert.Equal(await PatchAsync(), Assert.Single(plan.Sources).Tree);
        Assert.DoesNotContain(plan.RecipeTree.Tree.Walk(), x => x.Path.EndsWith(".patch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_before_a_patch_build_nothing_again()
    {
        var patch = Difference(x => Script(Path.Join(x, "autogen.sh"), "#!/bin/sh\necho made\n"));
        Write(patch);
        await workspace.BuildAsync(["c"]);
        Write("Why: upstream has forgotten it.\n\n" + patch);

        var report = await workspace.BuildAsync(["c"]);

        Assert.Equal(BuildState.Cached, report.Outcomes["c"].State);
    }

    [Fact]
    public async Task Patches_without_prefixes_say_so()
    {
        Write("--- main.c\n+++ main.c\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
        Assert.EndsWith(
            "; it applies with 'strip = 0' in [source]",
            (await Assert.ThrowsAsync<EngineException>(PatchAsync)).Message,
            StringComparison.Ordinal
        );

        Write("--- main.c\n+++ main.c\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n", "strip = 0");

        Assert.Equal(
            "one\n2\nthree\n",
            workspace.Store.ReadText(workspace.Store.ReadTree(await PatchAsync()), "main.c")
        );
    }

    [Theory]
    [InlineData("text, and no patch\n", "No valid patches in input")]
    [InlineData("--- a/main.c\n+++ b/main.c\n@@ -1,3 +1,3 @@\n 1\n-two\n+2\n three\n", "main.c: patch does not apply")]
    [InlineData("--- a/main.c\n+++ b/main.c\n@@ -1,3 +1,3 @@\n one\n-two\n", "corrupt patch at line 6")]
    [InlineData(
        "--- a/main.c\r\n+++ b/main.c\r\n@@ -1,3 +1,3 @@\r\n one\r\n-two\r\n+2\r\n three\r\n",
        "patch does not apply"
    )]
    [InlineData("diff --git a/no.c b/no.c\nold mode 100644\nnew mode 100755\n", "no.c: No such file or directory")]
    [InlineData("--- a/there/x\n+++ b/there/x\n@@ -0,0 +1 @@\n+x\n", "there/x: Not a directory")]
    [InlineData("--- /dev/null\n+++ b/../outside\n@@ -0,0 +1 @@\n+x\n", "invalid path '../outside'")]
    [InlineData("--- /dev/null\n+++ b/.git/config\n@@ -0,0 +1 @@\n+x\n", "invalid path '.git/config'")]
    [InlineData(
        "diff --git a/data.bin b/data.bin\nindex 1234567..7654321 100644\nBinary files a/data.bin and b/data.bin "
            + "differ\n",
        "cannot apply binary patch to 'data.bin' without full index line"
    )]
    public async Task What_cannot_be_applied_fails_the_build_by_name(string patch, string reason)
    {
        Write(patch);

        var report = await workspace.BuildAsync(["c"]);

        var message = report.Outcomes["c"].Failure!.Message.ToString();
        Assert.StartsWith(
            "the patch 'c.patch' does not apply to the source of 'c': ",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_the_users_configuration_nor_attributes_of_the_source_change_a_byte()
    {
        var patch = Difference(x => File.WriteAllText(Path.Join(x, "dos.bat"), "a\r\nc\r\n"));
        workspace.Pin("c", x =>
        {
            Fill(x);
            File.WriteAllText(Path.Join(x, ".gitattributes"), "*.bat text eol=crlf\n*.c ident text eol=crlf\n");
        });
        Write(patch, pin: false);

        var tree = await PatchAsync();

        Assert.Equal("a\r\nc\r\n", workspace.Store.ReadText(workspace.Store.ReadTree(tree), "dos.bat"));
    }

    [Fact]
    public async Task A_patch_reaches_into_a_source_that_is_included_and_each_tree_stays_its_own()
    {
        workspace.Pin("part", x => File.WriteAllText(Path.Join(x, "part.c"), "part\n"));
        workspace.Write(
            "pkgs/part",
            "name = \"part\"\nversion = \"1\"\n[source]\narchive = \"debian:pool/p_{version}.tar.gz\"\n"
        );
        Write(
            "--- a/part/part.c\n+++ b/part/part.c\n@@ -1 +1 @@\n-part\n+patched\n--- a/main.c\n+++ b/main.c\n"
                + "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
            "include = { part = \"part\" }"
        );
        workspace.Pin("c", x =>
        {
            Fill(x);
            Directory.CreateDirectory(Path.Join(x, "part"));
            File.WriteAllText(Path.Join(x, "part/covered"), "");
        });

        var loaded = workspace.Load();
        var sources = new BuildSources(loaded, workspace, workspace.Store);
        await sources.EnsureAsync(loaded.Recipes["c"], TestContext.Current.CancellationToken);

        var trees = sources.Find(loaded.Recipes["c"])!.Value;
        Assert.Equal(["build", "build/part"], trees.Select(x => x.Path));
        Assert.Equal(["part.c"], workspace.Store.ReadTree(trees[1].Tree).Walk().Select(x => x.Path));
        Assert.Equal("patched\n", workspace.Store.ReadText(workspace.Store.ReadTree(trees[1].Tree), "part.c"));
        Assert.NotNull(workspace.Store.ReadTree(trees[0].Tree).Find("part/covered"));
        Assert.Equal("one\n2\nthree\n", workspace.Store.ReadText(workspace.Store.ReadTree(trees[0].Tree), "main.c"));
        Assert.Equal(
            "part\n",
            workspace.Store.ReadText(workspace.Store.ReadTree(workspace.PinnedTree(loaded.Recipes["part"])), "part.c")
        );
    }

    [Fact]
    public async Task A_damaged_patched_tree_is_made_anew()
    {
        Write(Difference(x => Script(Path.Join(x, "autogen.sh"), "#!/bin/sh\necho made\n")));
        var tree = await PatchAsync();
        File.WriteAllText(Path.Join(workspace.Store.TreePath(tree), "autogen.sh"), "#!/bin/sh\necho harm\n");
        workspace.Forget();

        var report = await workspace.BuildAsync(["c"]);

        Assert.Equal("made\n", workspace.Read(report, "c", "usr/made"));
    }

    private static void Fill(string folder)
    {
        File.WriteAllText(Path.Join(folder, "main.c"), "one\ntwo\nthree\n");
        File.WriteAllBytes(Path.Join(folder, "data.bin"), [0, 1, 2, 3, 0]);
        File.WriteAllText(Path.Join(folder, "dos.bat"), "a\r\nb\r\n");
        Directory.CreateDirectory(Path.Join(folder, "doc"));
        File.WriteAllText(Path.Join(folder, "doc/manual"), "read me\n");
        File.CreateSymbolicLink(Path.Join(folder, "there"), "main.c");
    }

    private static void Script(string path, string text)
    {
        File.Delete(path);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, Executable);
    }

    private static void Link(string path, string target)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }

    private static void Move(string from, string to, string text)
    {
        File.Move(from, to);
        File.WriteAllText(to, text);
    }

    private void Write(string patch, string more = "", bool pin = true)
    {
        workspace.Package(
            "c",
            "mkdir -p /stage/usr; if [ -x autogen.sh ]; then ./autogen.sh > /stage/usr/made; fi; cp main.c /stage/usr/",
            more: "[source]\narchive = \"debian:pool/c_{version}.tar.gz\"\npatches = [\"c.patch\"]\n" + more
        );
        if (pin)
            workspace.Pin("c", Fill);
        File.WriteAllText(Path.Join(workspace.Root, "pkgs/c/c.patch"), patch);
    }

    private async Task<Digest> PatchAsync()
    {
        var loaded = workspace.Load();
        var sources = new BuildSources(loaded, workspace, workspace.Store);
        await sources.EnsureAsync(loaded.Recipes["c"], TestContext.Current.CancellationToken);
        return sources.Find(loaded.Recipes["c"])!.Value[0].Tree;
    }

    /// <summary>What git calls the difference that a change makes.</summary>
    private string Difference(Action<string> change)
    {
        var folder = Directory.CreateDirectory(Path.Join(fixture.Folder, "upstream")).FullName;
        Fill(folder);
        var git = GitJudge.Init(folder);
        git.CommitAll();
        change(folder);
        git.Run("add", "--all");
        var patch = Path.Join(fixture.Folder, "difference");
        git.Run("diff", "--cached", "--binary", "-M", $"--output={patch}");
        return File.ReadAllText(patch);
    }
}
