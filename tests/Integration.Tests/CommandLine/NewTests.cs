using System.Text.Json;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>
/// From a release archive to a package that is built and tested, with git as judge. The small workspace gets Debian's
/// make.
/// </summary>
public sealed class NewTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    private const string Mit =
        "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. THE "
        + "SOFTWARE IS PROVIDED \"AS IS\".\n";

    private const string Makefile = """
        INSTALL_TOP = /usr/local
        INSTALL_MAN = $(INSTALL_TOP)/man/man1
        all: greet
        greet: greet.sh
        	cp greet.sh greet
        	chmod 755 greet
        install: all
        	mkdir -p $(INSTALL_TOP)/bin $(INSTALL_MAN)
        	cp greet $(INSTALL_TOP)/bin/greet
        	cp greet.1 $(INSTALL_MAN)/greet.1

        """;

    [Fact]
    public async Task A_small_archive_becomes_a_package_without_an_edit()
    {
        WriteToolchain();
        RepositorySystems.Write(workspace.Root);
        var git = GitJudge.Init(workspace.Root);
        await SucceedAsync("lock");
        var archive = new TarBuilder()
            .File("greet-1.2/Makefile", Makefile)
            .File("greet-1.2/LICENSE", Mit)
            .File("greet-1.2/greet.sh", "#!/usr/bin/sh\necho greetings\n")
            .File("greet-1.2/greet.1", ".SH NAME\ngreet \\- greets whoever calls it\n");
        Directory.CreateDirectory(Path.Join(workspace.Root, "pkgs", "greet"));
        File.WriteAllBytes(Path.Join(workspace.Root, "pkgs", "greet", "greet-1.2.tar"), archive.ToTar());

        var said = await SucceedAsync("new", "greet", "--archive", "file:greet-1.2.tar");

        Assert.Contains("in recipes.lock, and staged its gitlink and .gitmodules\n", said, StringComparison.Ordinal);
        Assert.Equal(
            """
            name    = "greet"
            version = "1.2"
            summary = "Greets whoever calls it" # guessed from greet.1
            license = "MIT"
            # homepage: the source does not tell it

            [source]
            archive = "file:greet-{version}.tar"

            # Its Makefile knows no DESTDIR.
            [build]
            system  = "make"
            install = ["INSTALL_TOP=/stage/usr", "INSTALL_MAN=/stage/usr/share/man/man1"]

            """,
            await File.ReadAllTextAsync(
                Path.Join(workspace.Root, "pkgs/greet/recipe.toml"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("agree", await SucceedAsync("lock", "--check"), StringComparison.Ordinal);
        git.CommitAll("Add greet");
        Assert.StartsWith("-", git.Run("submodule", "status", "pkgs/greet/source"), StringComparison.Ordinal);
        git.Run("fsck", "--strict");
        await SucceedAsync("build", "greet");
        using var main = JsonDocument.Parse(await SucceedAsync("files", "greet:main", "--json"));
        Assert.Contains("usr/bin/greet", main.RootElement.ToString(), StringComparison.Ordinal);
        using var doc = JsonDocument.Parse(await SucceedAsync("files", "greet:doc", "--json"));
        Assert.Contains("usr/share/man/man1/greet.1", doc.RootElement.ToString(), StringComparison.Ordinal);
    }

    private void WriteToolchain()
    {
        workspace.Write(
            "stage0/debian/recipe.toml",
            """
            name     = "debian"
            summary  = "BusyBox and make"
            [seed]
            suite    = "bookworm"
            packages = ["busybox-static", "make"]
            links    = { "usr/bin/sh" = "busybox" }
            """
        );
        workspace.Write(
            "toolchain/toolchain/recipe.toml",
            """
            name    = "toolchain"
            version = "1"
            summary = "A shell, make, and what they call"
            license = "GPL-2.0-only"
            [build]
            base   = "debian"
            system = "none"
            strip  = false
            [build.steps]
            install = '''
            mkdir -p /stage/usr/bin /stage/usr/lib
            cp /usr/bin/busybox /usr/bin/make /stage/usr/bin
            cp -r /usr/lib/x86_64-linux-gnu /stage/usr/lib
            ln -s usr/bin /stage/bin
            ln -s usr/lib /stage/lib64
            cp /lib64/ld-linux-x86-64.so.2 /stage/usr/lib
            for name in sh cp mkdir cat chmod ln sleep rm true find sed grep; do ln -s busybox "/stage/usr/bin/$name"; done
            '''
            """
        );
    }

    private async Task<string> SucceedAsync(params string[] arguments)
    {
        var run = await workspace.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.StandardError + run.StandardOutput);
        return run.StandardOutput;
    }
}
