using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>Stacks whose images are composed of real builds, and their contracts.</summary>
public sealed class StackTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    private string Contract => File.ReadAllText(Path.Join(workspace.Root, "pkgs/base/contract.txt"));

    [Fact]
    public async Task A_stack_is_held_to_what_it_promised()
    {
        Write(applets: "sh cat vi", symbols: "adler32 crc32", uid: 33);
        await workspace.AnswerAsync("compose", "runtime-image");
        Assert.Equal(
            "base has no contract yet; run: recipes contract accept base\n",
            (await workspace.RunAsync("contract", "check", "base")).StandardOutput
        );
        Assert.StartsWith(
            "pkgs/base/contract.txt: 16 promises; 0 broken, 16 new\n",
            await workspace.AnswerAsync("contract", "accept", "base"),
            StringComparison.Ordinal
        );
        Assert.Contains("\nsymbol libz.so.1 crc32\n", Contract, StringComparison.Ordinal);
        Assert.Equal("kept, and nothing is new\n", await workspace.AnswerAsync("contract", "check", "base"));

        // What is new can be shipped, and is promised when it is accepted.
        Write(applets: "sh cat vi awk", symbols: "adler32 crc32", uid: 33);
        await workspace.AnswerAsync("compose", "runtime-image");
        Assert.Equal(
            "+ command /usr/bin/awk\n0 broken, 1 new\nto promise that too, run: recipes contract accept base\n",
            await workspace.AnswerAsync("contract", "check", "base")
        );
        var before = Contract;
        await workspace.AnswerAsync("contract", "accept", "base");
        Assert.Equal(
            before.Replace("command /usr/bin/b", "command /usr/bin/awk\ncommand /usr/bin/b", StringComparison.Ordinal),
            Contract
        );

        // An applet, a symbol and an account's number.
        Write(applets: "sh cat", symbols: "adler32", uid: 34);
        var archive = Path.Join(workspace.Folder, "broken.tar");
        var refused = await workspace.RunAsync("compose", "runtime-image", "-o", archive);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "pkgs/base/recipe.toml:3:1: error: the contract of 'base' is broken: 'account web = 33:33 / /bin/sh' is now "
                + "'account web = 34:34 / /bin/sh', 'command /usr/bin/awk' is gone, 'command /usr/bin/vi' is gone, "
                + "'group web = 33' is now 'group web = 34', 'symbol libz.so.1 crc32' is gone; bring that back, or write "
                + "major = 2 and accept the break with a reason",
            refused.StandardError,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(archive));
        Assert.Equal(1, (await workspace.RunAsync("contract", "check", "base")).ExitCode);
        Assert.Equal(1, (await workspace.RunAsync("contract", "accept", "base")).ExitCode);

        // The announced break.
        Write(applets: "sh cat", symbols: "adler32", uid: 34, major: 2);
        await workspace.AnswerAsync("compose", "runtime-image", "-o", archive);
        var announced = await workspace.RunAsync("contract", "check", "base");
        Assert.Equal(1, announced.ExitCode);
        Assert.EndsWith(
            "a break is announced, and not accepted yet; say why: recipes contract accept base --reason TEXT\n",
            announced.StandardOutput,
            StringComparison.Ordinal
        );
        Assert.Equal("kept, and nothing is new\n", await workspace.AnswerAsync("contract", "diff", "base", archive));
        var unreasoned = await workspace.RunAsync("contract", "accept", "base");
        Assert.Contains(
            "'base' breaks what 1 promised; say why: recipes contract accept base --reason TEXT",
            unreasoned.StandardError,
            StringComparison.Ordinal
        );
        await workspace.AnswerAsync("contract", "accept", "base", "--reason", "vi was a mistake");
        Assert.Contains("major = 2\nbreak 2 = vi was a mistake\n\naccount ", Contract, StringComparison.Ordinal);
        var needless = await workspace.RunAsync("contract", "accept", "base", "--reason", "again");
        Assert.Contains(
            "nothing of 'base' is broken; a reason is for a break",
            needless.StandardError,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_bump_that_breaks_a_contract_is_shown_and_not_made()
    {
        Directory.CreateDirectory(Path.Join(workspace.Root, "pkgs/speech"));
        foreach (var (version, program) in (ReadOnlySpan<(string, string)>)[("1", "whisper"), ("2", "shout")])
            File.WriteAllBytes(
                Path.Join(workspace.Root, $"pkgs/speech/speech-{version}.tar"),
                new TarBuilder().File($"speech/{program}", "#!/usr/bin/sh\necho hello\n").ToTar()
            );
        workspace.Write(
            "pkgs/speech/recipe.toml",
            """
            name    = "speech"
            version = "1"
            license = "MIT"
            [source]
            archive = "file:speech-{version}.tar"
            [build]
            system = "none"
            strip  = false
            [build.steps]
            install = "mkdir -p /stage/usr/bin; cp * /stage/usr/bin/; chmod 755 /stage/usr/bin/*"
            """
        );
        workspace.Write(
            "pkgs/speech-image/recipe.toml",
            "name = \"speech-image\"\n[image]\ninclude = [\"speech\", \"hello\"]\n"
        );
        workspace.Write(
            "pkgs/spoken/recipe.toml",
            "name = \"spoken\"\n[stack]\nruntime = \"speech-image\"\nmajor = 1\n"
        );
        await workspace.AnswerAsync("lock");
        await workspace.AnswerAsync("compose", "speech-image");
        await workspace.AnswerAsync("contract", "accept", "spoken");
        var recipe = File.ReadAllText(Path.Join(workspace.Root, "pkgs/speech/recipe.toml"));

        var refused = await workspace.RunAsync("bump", "speech", "2", "--build");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "contract of spoken: 1 broken, 1 new\n  - command /usr/bin/whisper\n  + command /usr/bin/shout\n",
            refused.StandardOutput,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "error: the contract of 'spoken' would be broken; nothing was changed. To go on all the same, give "
                + "--break-contract",
            refused.StandardError,
            StringComparison.Ordinal
        );
        Assert.Equal(recipe, File.ReadAllText(Path.Join(workspace.Root, "pkgs/speech/recipe.toml")));
        var review = await workspace.AnswerAsync("bump", "speech", "2", "--build", "--dry-run");
        Assert.EndsWith("nothing was changed\n", review, StringComparison.Ordinal);

        await workspace.AnswerAsync("bump", "speech", "2", "--build", "--break-contract");
        Assert.Contains(
            "version = \"2\"",
            File.ReadAllText(Path.Join(workspace.Root, "pkgs/speech/recipe.toml")),
            StringComparison.Ordinal
        );
        // Nobody ships it before the break has its number and its reason.
        Assert.Contains(
            "'command /usr/bin/whisper' is gone",
            (await workspace.RunAsync("compose", "speech-image")).StandardError,
            StringComparison.Ordinal
        );
    }

    private void Write(string applets, string symbols, int uid, int major = 1)
    {
        File.WriteAllBytes(
            Path.Join(Directory.CreateDirectory(Path.Join(workspace.Root, "pkgs/libz")).FullName, "libz.so.1"),
            new ElfBuilder
            {
                Soname = "libz.so.1",
                Symbols = [.. symbols.Split(' ').Select(x => (x, true, false, (string?)null))],
            }.Build()
        );
        workspace.WritePackage("libz", "mkdir -p /stage/usr/lib && cp /recipe/libz.so.1 /stage/usr/lib/");
        workspace.WritePackage(
            "shell",
            $"""
            mkdir -p /stage/usr/bin
            cp /usr/bin/busybox /stage/usr/bin/busybox
            for name in {applets}; do ln -s busybox "/stage/usr/bin/$name"; done
            """
        );
        workspace.Write(
            "pkgs/runtime-image/recipe.toml",
            $"""
            name = "runtime-image"
            [image]
            include = ["shell", "libz"]
            user    = "web"
            [[image.accounts]]
            name = "web"
            uid  = {uid}
            """
        );
        workspace.Write(
            "pkgs/base/recipe.toml",
            $"""
            name = "base"
            summary = "For tests"
            [stack]
            runtime = "runtime-image"
            major   = {major}
            """
        );
    }
}
