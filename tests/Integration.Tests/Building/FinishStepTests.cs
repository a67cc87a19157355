using System.Buffers.Binary;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Integration.Tests.Building;

/// <summary>The last step of every build, run on a folder of this machine with its own shell and strip.</summary>
public sealed class FinishStepTests : IDisposable
{
    private const string Program = "/usr/bin/env";
    private const int MachineOffset = 18;
    private const int SectionsOffset = 40;

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_strip_does_not_know_is_left_as_it_is_and_the_log_says_so()
    {
        var foreign = await File.ReadAllBytesAsync(Program, TestContext.Current.CancellationToken);
        BinaryPrimitives.WriteUInt16LittleEndian(foreign.AsSpan(MachineOffset), 0xf7);
        var headless = await File.ReadAllBytesAsync(Program, TestContext.Current.CancellationToken);
        BinaryPrimitives.WriteInt64LittleEndian(headless.AsSpan(SectionsOffset), 0);
        var torn = headless[..200];
        BinaryPrimitives.WriteInt64LittleEndian(torn.AsSpan(SectionsOffset), 0x7fffffff);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["usr/lib/firmware.so"] = foreign,
            ["usr/bin/headless"] = headless,
            ["usr/lib/torn.so"] = torn,
            ["usr/lib/libc.a"] = "/* GNU ld script */ GROUP ( libm.a )\n"u8.ToArray(),
            ["usr/share/table.o"] = "some text\n"u8.ToArray(),
            ["usr/share/empty.a"] = [],
            ["usr/lib/libthin.a"] = "!<thin>\n"u8.ToArray(),
            ["usr/bin/a name with  spaces"] = "#!/bin/sh\n"u8.ToArray(),
        };
        foreach (var (path, bytes) in files)
            Write(path, bytes);

        var log = await FinishAsync();

        foreach (var (path, bytes) in files)
            Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.Join(path), TestContext.Current.CancellationToken));
        Assert.Contains(
            "/usr/lib/firmware.so is left as it is: it is for another machine\n",
            log,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "/usr/bin/headless is left as it is: it has no section headers\n",
            log,
            StringComparison.Ordinal
        );
        Assert.Contains("/usr/lib/torn.so is left as it is: strip: ", log, StringComparison.Ordinal);
        Assert.Equal(3, log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Programs_libraries_and_objects_of_ours_are_stripped()
    {
        var source = folder.Join("main.c");
        await File.WriteAllTextAsync(
            source,
            "static int hidden(void) { return 41; }\nint shown(void) { return hidden() + 1; }\nint main(void) { "
                + "return shown(); }\n",
            TestContext.Current.CancellationToken
        );
        Directory.CreateDirectory(folder.Join("usr/bin"));
        Directory.CreateDirectory(folder.Join("usr/lib"));
        await Programs.RunAsync("cc", "-g", "-O0", "-o", folder.Join("usr/bin/main"), source);
        await Programs.RunAsync(
            "cc",
            "-g",
            "-O0",
            "-shared",
            "-fPIC",
            "-o",
            folder.Join("usr/lib/libmain.so.1"),
            source
        );
        await Programs.RunAsync("cc", "-g", "-O0", "-c", "-o", folder.Join("usr/lib/main.o"), source);
        await Programs.RunAsync("ar", "rc", folder.Join("usr/lib/libmain.a"), folder.Join("usr/lib/main.o"));
        File.SetUnixFileMode(folder.Join("usr/bin/main"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal("", await FinishAsync());

        foreach (var path in (string[])["usr/bin/main", "usr/lib/libmain.so.1", "usr/lib/main.o", "usr/lib/libmain.a"])
            Assert.DoesNotContain(
                ".debug_info",
                await Programs.RunAsync("readelf", "--sections", "--wide", folder.Join(path))
            );
        Assert.DoesNotContain(
            "hidden",
            await Programs.RunAsync("readelf", "--symbols", "--wide", folder.Join("usr/bin/main"))
        );
        Assert.Contains(
            "hidden",
            await Programs.RunAsync("readelf", "--symbols", "--wide", folder.Join("usr/lib/main.o"))
        );
    }

    [Fact]
    public async Task Names_of_one_file_and_odd_modes_are_noted_by_path()
    {
        Write("usr/bin/git", new byte[100]);
        Write("usr/share/alone", new byte[100]);
        Write("usr/bin/z", "z"u8.ToArray());
        await Programs.RunAsync("ln", folder.Join("usr/bin/git"), folder.Join("usr/bin/git add"));
        await Programs.RunAsync("ln", folder.Join("usr/bin/git"), folder.Join("usr/bin/a-git"));
        await Programs.RunAsync("ln", folder.Join("usr/bin/z"), folder.Join("usr/share/z"));
        await Programs.RunAsync("chmod", "4755", folder.Join("usr/bin/z"));

        await FinishAsync();

        Assert.Equal(
            "1 ./usr/bin/a-git\n1 ./usr/bin/git\n1 ./usr/bin/git add\n2 ./usr/bin/z\n2 ./usr/share/z\n",
            await File.ReadAllTextAsync(folder.Join(".recipes-links"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            "4755 ./usr/bin/z\n4755 ./usr/share/z\n",
            await File.ReadAllTextAsync(folder.Join(".recipes-modes"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Where_the_recipe_asks_further_names_of_one_file_become_relative_links_to_the_first()
    {
        // What awk would take for equal numbers, and names that a shell would take for something else.
        string[] names = ["usr/lib/1/x", "usr/lib/1.0/y/x", "usr/bin/-x", "usr/bin/a  \"$b\" \\n", "usr/bin/z"];
        Write(names[0], "x"u8.ToArray());
        Write("usr/share/alone", "x"u8.ToArray());
        foreach (var name in names[1..])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Join(name))!);
            await Programs.RunAsync("ln", folder.Join(names[0]), folder.Join(name));
        }
        Write("usr/lib/1/only", "only"u8.ToArray());
        await Programs.RunAsync("ln", folder.Join("usr/lib/1/only"), folder.Join("usr/lib/1.0/only"));
        await Programs.RunAsync("chmod", "4755", folder.Join("usr/bin/-x"));

        await FinishAsync(HardLinkTreatment.Symlink);

        Assert.Equal(
            [
                "usr/bin/-x",
                "usr/bin/a  \"$b\" \\n -> -x",
                "usr/bin/z -> -x",
                "usr/lib/1.0/only",
                "usr/lib/1.0/y/x -> ../../../bin/-x",
                "usr/lib/1/only -> ../1.0/only",
                "usr/lib/1/x -> ../../bin/-x",
                "usr/share/alone",
            ],
            Directory
                .EnumerateFiles(folder.Join("usr"), "*", SearchOption.AllDirectories)
                .Select(x =>
                    Path.GetRelativePath(folder.Path, x)
                    + (new FileInfo(x).LinkTarget is { } target ? $" -> {target}" : "")
                )
                .Order(StringComparer.Ordinal)
        );
        Assert.All(names, x => Assert.Equal("x", File.ReadAllText(folder.Join(x))));
        Assert.False(File.Exists(folder.Join(".recipes-links")));
        Assert.Equal(
            "4755 ./usr/bin/-x\n",
            await File.ReadAllTextAsync(folder.Join(".recipes-modes"), TestContext.Current.CancellationToken)
        );
    }

    private void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Join(path))!);
        File.WriteAllBytes(folder.Join(path), content);
        File.SetUnixFileMode(
            folder.Join(path),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
        );
    }

    private async Task<string> FinishAsync(HardLinkTreatment hardLinks = HardLinkTreatment.Keep)
    {
        var recipe = new PackageRecipe
        {
            Name = "probe",
            NameSpan = new("recipe.toml", 1, 1, 1, ""),
            Version = "1",
            Area = RecipeArea.Packages,
            Folder = folder.Path,
            File = "recipe.toml",
            Build = new() { Base = new("toolchain", null), HardLinks = hardLinks },
        };
        var script = BuildScript.Of(recipe).Files[BuildScript.Finish];
        using var scratch = new TemporaryDirectory();
        var text = script
            .Replace("/tmp/", "\"$2\"/", StringComparison.Ordinal)
            .Replace("/stage", "\"$1\"", StringComparison.Ordinal);
        return await Programs.RunAsync("sh", "-euc", text, "finish", folder.Path, scratch.Path);
    }
}
