using System.Text.Json;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>
/// <c>[source] artifact</c>: a folder that was made outside is pinned by the lock, and an image says that it takes it.
/// </summary>
public sealed class ArtifactTests : IAsyncLifetime
{
    private readonly SmallWorkspace workspace = new();

    [Fact]
    public async Task What_was_made_outside_is_pinned_built_and_shipped_with_a_label()
    {
        Assert.Equal("added app: pinned 'bin/publish' as it is now\n", await AnswerAsync("lock"));
        Assert.Equal("one\n", await AnswerAsync("run", "app-image"));
        await AnswerAsync("lock", "--check");
        await AnswerAsync("sources", "verify");

        var locked = await ReadAsync("recipes.lock");
        Assert.Contains("\nversion = 3\n", locked);
        Assert.Contains("\n[artifact.app]\npath = \"bin/publish\"\nexcept = [\"*.pdb\"]\ntree = \"sha256:", locked);
        Assert.Equal("recipes.lock covers every recipe\n", await AnswerAsync("lock"));
        Assert.Equal("what recipes.lock pins of app is what is there\n", await AnswerAsync("lock", "app"));
        Assert.Equal(locked, await ReadAsync("recipes.lock"));

        Assert.Equal("app", await LabelAsync("app-image"));
        await AnswerAsync("compose", "hello-image");
        Assert.Null(await LabelAsync("hello-image"));
        Assert.Contains("app (prebuilt)", await AnswerAsync("size", "app-image"));
        Assert.Equal("[\"app\"]", await JsonAsync("prebuilt", "size", "app-image"));
        Assert.DoesNotContain("prebuilt", await AnswerAsync("size", "hello-image", "--json"));
        Assert.Contains(
            "app is prebuilt: it is made outside, in 'bin/publish'\n",
            await AnswerAsync("why", "app-image", "words.txt")
        );
        Assert.Equal("[\"app\"]", await JsonAsync("prebuilt", "why", "app-image", "app"));
        Assert.Contains("package, prebuilt", await AnswerAsync("list", "app"));
        Assert.Contains("image with prebuilt app", await AnswerAsync("list", "app"));
    }

    [Fact]
    public async Task A_folder_that_was_made_anew_is_not_pinned_until_its_recipe_is_locked()
    {
        await AnswerAsync("lock");
        await AnswerAsync("compose", "app-image");
        workspace.Write("bin/publish/words.txt", "two\n");

        const string different = "the artifact of 'app' in 'bin/publish' differs from what is pinned; ";
        const string advice = different + "run: recipes lock app";
        Assert.Contains(
            "not pinned: app; no image takes that without --allow-unpinned\n",
            await AnswerAsync("build", "app")
        );
        foreach (var command in (string[])["compose", "run"])
            Assert.Equal(
                $"error: app-image would not hold what is pinned: {advice}, or allow that with --allow-unpinned\n",
                await FaultAsync(command, "app-image")
            );
        Assert.Contains($"error: {advice}\n", await FaultAsync("lock", "--check"));
        Assert.Contains($"error: {advice}\n", await FaultAsync("sources", "verify"));
        var allowed = await workspace.RunAsync("run", "app-image", "--allow-unpinned");
        Assert.Equal("two\n", allowed.StandardOutput);
        Assert.Contains(
            $"warning: app-image is not pinned: app is built from '{Path.Join(workspace.Root, "bin/publish")}'\n",
            allowed.StandardError
        );

        Assert.Equal("recipes.lock covers every recipe\n", await AnswerAsync("lock"));
        Assert.Equal("changed app: what is there is not what was pinned\n", await AnswerAsync("lock", "app"));
        Assert.Contains("app: cached", (await workspace.RunAsync("build", "app", "--plain")).StandardError);
        Assert.Equal("two\n", await AnswerAsync("run", "app-image"));
        await AnswerAsync("lock", "--check");
    }

    [Fact]
    public async Task Without_the_folder_the_pinned_tree_of_the_store_is_built()
    {
        await AnswerAsync("lock");
        Directory.Delete(Path.Join(workspace.Root, "bin"), recursive: true);

        Assert.Equal("one\n", await AnswerAsync("run", "app-image"));
        await AnswerAsync("fetch", "app");
        const string missing =
            "the artifact of 'app' is missing: 'bin/publish' is not there, or has nothing of what the recipe wants; "
            + "make it again";
        Assert.Contains($"error: {missing}\n", await FaultAsync("lock", "--check"));
        Assert.Equal($"error: app: {missing}\n", await FaultAsync("lock", "app"));

        // As in another checkout, whose store has never seen it.
        Directory.Delete(workspace.Store, recursive: true);
        Assert.Contains(missing, await FaultAsync("build", "app"));
        Assert.Contains(missing, await FaultAsync("fetch", "app"));
        workspace.Write("bin/publish/other.txt", "other\n");
        Assert.Contains(
            "the artifact of 'app' in 'bin/publish' differs from what is pinned; run: recipes lock app",
            await FaultAsync("fetch", "app")
        );
        File.Delete(Path.Join(workspace.Root, "bin/publish/other.txt"));
        workspace.Write("bin/publish/words.txt", "one\n");
        Assert.Equal("one\n", await AnswerAsync("run", "app-image"));
    }

    [Fact]
    public async Task An_image_that_does_not_say_so_takes_nothing_that_is_prebuilt()
    {
        WriteImage("include = [\"hello\", \"app\"]");
        await AnswerAsync("lock");
        const string refusal =
            "pkgs/app-image/recipe.toml:5:21: error: 'app-image' would hold 'app', which is prebuilt: it is made "
            + "outside, in 'bin/publish'; to take it as it is, write in [image]: prebuilt = [\"app\"]\n"
            + "include = [\"hello\", \"app\"]\n"
            + "                    ^^^^^\n";
        Assert.StartsWith(refusal, (await workspace.RunAsync("check")).StandardOutput);
        Assert.StartsWith(refusal, await FaultAsync("compose", "app-image"));
        // Nothing else is hurt by it.
        await AnswerAsync("compose", "hello-image");
        await AnswerAsync("build", "app");

        WriteImage("include = [\"hello\", \"app\"]\nprebuilt = [\"app\"]");
        await AnswerAsync("check");
        await AnswerAsync("compose", "app-image");

        // The very image was composed before, and is refused all the same.
        WriteImage("include = [\"hello\", \"app\"]");
        Assert.StartsWith(refusal, await FaultAsync("compose", "app-image"));
        Assert.StartsWith(refusal, (await workspace.RunAsync("size", "app-image")).StandardError);
    }

    [Fact]
    public async Task What_only_files_tell_is_refused_once_they_are_built()
    {
        // The interpreter of a script brings the package, and no recipe names it among what it requires.
        workspace.WritePackage(
            "script",
            "mkdir -p /stage/usr/bin && echo '#!/usr/bin/tool' > /stage/usr/bin/script && chmod 755 /stage/usr/bin/script",
            "\"app\""
        );
        workspace.Write("bin/publish/tool", "#!/usr/bin/tool\n");
        WriteApp("mkdir -p /stage/usr/bin && cp tool /stage/usr/bin/tool && chmod 755 /stage/usr/bin/tool");
        WriteImage("include = [\"script\"]");
        await AnswerAsync("lock");
        Assert.Contains("0 faults", await AnswerAsync("check"));

        Assert.Contains(
            "pkgs/app-image/recipe.toml:4:1: error: 'app-image' would hold 'app', which is prebuilt: it is made outside, "
                + "in 'bin/publish'; to take it as it is, write in [image]: prebuilt = [\"app\"]\n",
            await FaultAsync("compose", "app-image")
        );

        WriteImage("include = [\"script\"]\nprebuilt = [\"app\"]");
        await AnswerAsync("compose", "app-image");
        WriteImage("include = [\"hello\"]\nprebuilt = [\"app\"]");
        Assert.Contains(
            "pkgs/app-image/recipe.toml:6:13: error: 'app-image' does not hold 'app'; leave it out of 'prebuilt'\n",
            await FaultAsync("compose", "app-image")
        );
    }

    [Fact]
    public async Task A_program_for_another_C_library_is_told_with_what_to_do()
    {
        Directory.CreateDirectory(Path.Join(workspace.Root, "bin/publish"));
        File.Copy("/bin/true", Path.Join(workspace.Root, "bin/publish/program"));
        WriteApp("mkdir -p /stage/usr/bin && cp program /stage/usr/bin/program");
        await AnswerAsync("lock");

        var fault = await FaultAsync("build", "app");

        const string advice =
            "images have musl: make it for musl (such as dotnet publish -r linux-musl-x64), link it statically (such as "
            + "Go with CGO_ENABLED=0), or build it here from its source";
        Assert.Contains(
            "interpreter: usr/bin/program: asks for /lib64/ld-linux-x86-64.so.2: it is a program for the GNU C library "
                + $"(glibc), and {advice}",
            fault
        );
        Assert.Contains(
            $"soname: usr/bin/program: needs libc.so.6, which is of the GNU C library (glibc), and {advice}",
            fault
        );
        Assert.DoesNotContain("seed-trace", fault);
    }

    [Fact]
    public async Task Modes_links_and_files_that_git_does_not_track_are_taken_as_they_are()
    {
        workspace.Write(".gitignore", "bin/\n");
        workspace.Write("bin/publish/tool", "#!/usr/bin/sh\n");
        workspace.Write("bin/publish/sub/.hidden", "x\n");
        workspace.Write("bin/publish/app.pdb", "left out\n");
        File.SetUnixFileMode(Path.Join(workspace.Root, "bin/publish/tool"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Path.Join(workspace.Root, "bin/publish/link"), "sub/.hidden");
        GitJudge.Init(workspace.Root).CommitAll();
        await AnswerAsync("lock");
        await AnswerAsync("build", "app");

        var listed = (await AnswerAsync("files", "app"))
            .Split('\n')
            .Where(x => x.Contains("usr/share/app/", StringComparison.Ordinal))
            .Select(x => string.Join(' ', x.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .ToList();
        Assert.Equal(4, listed.Count);
        Assert.Contains(listed, x => x.Contains("link -> sub/.hidden", StringComparison.Ordinal));
        Assert.Contains(listed, x => x.StartsWith("755 ", StringComparison.Ordinal) && x.Contains("/tool"));
        Assert.DoesNotContain("pdb", string.Concat(listed));
    }

    [Fact]
    public async Task What_cannot_be_taken_is_said_and_costs_no_other_recipe()
    {
        var folder = Path.Join(workspace.Root, "bin/publish");
        var before = await ReadAsync("recipes.lock");

        await Programs.RunAsync("mkfifo", Path.Join(folder, "pipe"));
        Assert.Contains("'pipe' is not a regular file; 'except' in [source] leaves it out", await FaultAsync("lock"));
        File.Delete(Path.Join(folder, "pipe"));

        File.CreateSymbolicLink(Path.Join(folder, "link"), "../../secret");
        Assert.Contains(
            "the link 'link' leads outside the tree, to '../../secret'; 'except' in [source] leaves it out",
            await FaultAsync("lock")
        );

        Directory.Delete(folder, recursive: true);
        workspace.Write("bin/publish", "x");
        Assert.Contains("the artifact of 'app' is a folder, and 'bin/publish' is a file", await FaultAsync("lock"));

        Assert.Equal(before, await ReadAsync("recipes.lock"));
        await AnswerAsync("compose", "hello-image");
    }

    [Fact]
    public async Task What_is_for_upstreams_says_that_there_is_none()
    {
        foreach (var command in (string[])["bump", "outdated", "sources checkout"])
        {
            var run = await workspace.RunAsync([.. command.Split(' '), "app"]);

            Assert.Equal(2, run.ExitCode);
            Assert.Contains(
                "'app' is prebuilt: its source is made outside, in 'bin/publish', and has no upstream; to pin what is "
                    + "there now, run: recipes lock app",
                run.StandardError
            );
        }
    }

    [Fact]
    public async Task A_changed_recipe_is_told_by_what_changed_and_pinned_again()
    {
        await AnswerAsync("lock");
        WriteApp(Install, "artifact = \"bin/publish\"");
        const string clause = "recipes.lock pins another 'app': its except was '*.pdb', the recipe says nothing";
        Assert.Contains(clause, await FaultAsync("build", "app"));
        Assert.Contains(clause, await FaultAsync("lock", "--check"));
        Assert.Equal("changed app: its except was '*.pdb', the recipe says nothing\n", await AnswerAsync("lock"));

        WriteApp(Install, "artifact = \"out\"");
        Assert.Contains(
            "recipes.lock pins another 'app': its artifact was 'bin/publish', the recipe says 'out'",
            await FaultAsync("lock", "--check")
        );
        // Without an artifact, the lock is as it always was.
        Directory.Delete(Path.Join(workspace.Root, "pkgs/app"), recursive: true);
        Directory.Delete(Path.Join(workspace.Root, "pkgs/app-image"), recursive: true);
        Assert.Equal("removed app: no recipe asks for it\n", await AnswerAsync("lock"));
        Assert.Contains("\nversion = 2\n", await ReadAsync("recipes.lock"));
    }

    [Fact]
    public async Task A_name_that_cannot_be_locked_is_said_before_anything_is_done()
    {
        Assert.Contains(
            "'hello' has no source (pkgs/hello/recipe.toml has no [source])",
            await FaultAsync("lock", "hello")
        );
        Assert.Contains("there is no recipe 'ap' in ", await FaultAsync("lock", "ap"));
        Assert.Contains(
            "--check looks at every recipe; leave out the names",
            await FaultAsync("lock", "--check", "app")
        );
    }

    public async ValueTask InitializeAsync()
    {
        await workspace.InitializeAsync();
        WriteApp(Install);
        WriteImage("include = [\"hello\", \"app\"]\nprebuilt = [\"app\"]");
        workspace.Write("bin/publish/words.txt", "one\n");
    }

    public ValueTask DisposeAsync() => workspace.DisposeAsync();

    private const string Install = SmallWorkspace.TakeAll;

    private void WriteApp(string install, string source = "artifact = \"bin/publish\"\nexcept   = [\"*.pdb\"]") =>
        workspace.WriteApp(source, install);

    private void WriteImage(string image) =>
        workspace.Write(
            "pkgs/app-image/recipe.toml",
            $"""
            name         = "app-image"
            version-from = "app"
            summary      = "For tests"
            [image]
            {image}
            entrypoint = ["/usr/bin/sh", "-c", "cat /usr/share/app/words.txt"]
            """
        );

    private async Task<string?> LabelAsync(string image)
    {
        var layout = Path.Join(workspace.Folder, $"layout of {image}");
        await AnswerAsync("compose", image, "--layout", layout);
        var manifest = await BlobAsync(layout, await ParsedAsync(Path.Join(layout, "index.json")), "manifests");
        var configuration = await BlobAsync(layout, manifest, "config");
        return
            configuration.GetProperty("config").TryGetProperty("Labels", out var labels)
            && labels.TryGetProperty("recipes.prebuilt", out var label)
            ? label.GetString()
            : null;
    }

    private static async Task<JsonElement> BlobAsync(string layout, JsonElement document, string key)
    {
        var descriptor = document.GetProperty(key);
        if (descriptor.ValueKind == JsonValueKind.Array)
            descriptor = descriptor[0];
        var digest = descriptor.GetProperty("digest").GetString()!;
        return await ParsedAsync(Path.Join(layout, "blobs/sha256", digest[(digest.IndexOf(':') + 1)..]));
    }

    private static async Task<JsonElement> ParsedAsync(string file) =>
        JsonDocument
            .Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))
            .RootElement.Clone();

    private async Task<string> JsonAsync(string key, params string[] arguments)
    {
        using var document = JsonDocument.Parse(await AnswerAsync([.. arguments, "--json"]));
        return JsonSerializer.Serialize(document.RootElement.GetProperty(key));
    }

    private Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(Path.Join(workspace.Root, file), TestContext.Current.CancellationToken);

    private Task<string> AnswerAsync(params string[] arguments) => workspace.AnswerAsync(arguments);

    private async Task<string> FaultAsync(params string[] arguments)
    {
        var run = await workspace.RunAsync(arguments);
        Assert.True(run.ExitCode != 0, run.StandardOutput);
        return run.StandardError + run.StandardOutput;
    }
}
