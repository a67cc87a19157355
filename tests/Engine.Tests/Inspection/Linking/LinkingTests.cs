using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Inspection.Linking;
using Xunit;

namespace Recipes.Engine.Tests.Inspection.Linking;

/// <summary>Run-time linking as musl's dynamic linker does it.</summary>
public class LinkingTests
{
    private const string Linker = "usr/lib/ld-musl-x86_64.so.1";

    [Fact]
    public void The_run_path_of_a_program_serves_the_libraries_that_it_loads()
    {
        var root = new Root()
            .Add("usr/bin/tool", needed: ["liba.so"], runPath: ["/usr/lib/private"])
            .Add("usr/lib/private/liba.so", needed: ["libb.so"])
            .Add("usr/lib/private/libb.so");

        Assert.Equal(
            [
                "usr/bin/tool: liba.so -> usr/lib/private/liba.so",
                "usr/lib/private/liba.so: libb.so -> usr/lib/private/libb.so",
            ],
            root.Load("usr/bin/tool")
        );
        Assert.Empty(root.LoadAll());
    }

    [Theory]
    [InlineData("$ORIGIN/../lib/app")]
    [InlineData("/usr/lib/app")]
    public void The_run_path_of_a_program_reaches_through_any_number_of_libraries(string runPath)
    {
        var root = new Root()
            .Add("usr/bin/app", needed: ["liba.so"], runPath: [runPath])
            .Add("usr/lib/app/liba.so", needed: ["libb.so"])
            .Add("usr/lib/app/libb.so", needed: ["libc_private.so"])
            .Add("usr/lib/app/libc_private.so");

        Assert.Equal(
            [
                "usr/bin/app: liba.so -> usr/lib/app/liba.so",
                "usr/lib/app/liba.so: libb.so -> usr/lib/app/libb.so",
                "usr/lib/app/libb.so: libc_private.so -> usr/lib/app/libc_private.so",
            ],
            root.Load("usr/bin/app")
        );
        Assert.Empty(root.LoadAll());
    }

    [Fact]
    public void The_run_path_of_a_library_serves_what_it_loads_but_not_what_loads_it()
    {
        var root = new Root()
            .Add("usr/bin/app", needed: ["liba.so", "libc_private.so"])
            .Add("usr/lib/liba.so", needed: ["libb.so"], runPath: ["/usr/lib/app"])
            .Add("usr/lib/app/libb.so", needed: ["libd.so"])
            .Add("usr/lib/app/libc_private.so")
            .Add("usr/lib/app/libd.so");

        Assert.Contains("usr/lib/app/libb.so: libd.so -> usr/lib/app/libd.so", root.Load("usr/bin/app"));
        Assert.Equal(["usr/bin/app: libc_private.so"], root.LoadAll());
    }

    [Fact]
    public void A_library_that_two_programs_load_must_be_complete_for_both()
    {
        var root = new Root()
            .Add("usr/bin/good", needed: ["liba.so"], runPath: ["/usr/lib/private"])
            .Add("usr/bin/bad", needed: ["/usr/lib/private/liba.so"])
            .Add("usr/lib/private/liba.so", needed: ["libb.so"])
            .Add("usr/lib/private/libb.so");

        Assert.Equal(["usr/lib/private/liba.so (for usr/bin/bad): libb.so"], root.LoadAll());
    }

    [Fact]
    public void A_library_that_nothing_loads_finds_what_it_needs_by_itself()
    {
        var root = new Root().Add("usr/lib/modules/plugin.so", needed: ["libb.so"]).Add("usr/lib/modules/libb.so");

        Assert.Equal(["usr/lib/modules/plugin.so: libb.so"], root.LoadAll());
        Assert.Empty(
            new Root()
                .Add("usr/lib/modules/plugin.so", needed: ["libb.so"], runPath: ["$ORIGIN"])
                .Add("usr/lib/modules/libb.so")
                .LoadAll()
        );
    }

    [Fact]
    public void Libraries_that_need_each_other_cover_each_other()
    {
        var root = new Root()
            .Add("usr/bin/tool", needed: ["liba.so"], runPath: ["${ORIGIN}/../lib/private"])
            .Add("usr/lib/private/liba.so", needed: ["libb.so"])
            .Add("usr/lib/private/libb.so", needed: ["liba.so"]);

        Assert.Empty(root.LoadAll());
    }

    [Fact]
    public void What_was_found_once_answers_to_its_name_from_everywhere()
    {
        var root = new Root()
            .Add("usr/bin/tool", needed: ["liba.so", "libb.so"], runPath: [])
            .Add("usr/lib/liba.so", needed: ["libp.so"], runPath: ["/usr/lib/private"])
            .Add("usr/lib/libb.so", needed: ["libp.so"])
            .Add("usr/lib/private/libp.so");

        Assert.Contains("usr/lib/libb.so: libp.so -> usr/lib/private/libp.so", root.Load("usr/bin/tool"));
        Assert.Empty(root.LoadAll());
    }

    [Fact]
    public void What_was_opened_by_its_path_does_not_answer_to_its_name()
    {
        var root = new Root()
            .Add("usr/bin/tool", needed: ["/usr/lib/private/liba.so", "libb.so"])
            .Add("usr/lib/private/liba.so")
            .Add("usr/lib/libb.so", needed: ["liba.so"]);

        Assert.Equal(["usr/lib/libb.so (for usr/bin/tool): liba.so"], root.LoadAll());
    }

    [Fact]
    public void The_origin_of_a_library_is_where_it_was_opened_not_where_its_link_leads()
    {
        var root = new Root()
            .Add("usr/bin/tool", needed: ["liba.so"])
            .Link("usr/lib/liba.so", "real/liba.so")
            .Add("usr/lib/real/liba.so", needed: ["libb.so"], runPath: ["$ORIGIN/beside"])
            .Add("usr/lib/beside/libb.so")
            .Add("usr/lib/real/beside/libc1.so");

        Assert.Contains("usr/lib/real/liba.so: libb.so -> usr/lib/beside/libb.so", root.Load("usr/bin/tool"));
    }

    [Theory]
    [InlineData("$LIB/private")]
    [InlineData("private")]
    [InlineData(":")]
    public void A_run_path_that_cannot_be_followed_is_as_none(string runPath) =>
        Assert.Equal(
            ["usr/bin/tool: liba.so"],
            new Root()
                .Add("usr/bin/tool", needed: ["liba.so"], runPath: [runPath])
                .Add("usr/lib/private/liba.so")
                .LoadAll()
        );

    [Fact]
    public void One_variable_that_is_not_known_voids_the_whole_run_path() =>
        Assert.Equal(
            ["usr/bin/tool: liba.so"],
            new Root()
                .Add("usr/bin/tool", needed: ["liba.so"], runPath: ["/usr/lib/private", "$PLATFORM"])
                .Add("usr/lib/private/liba.so")
                .LoadAll()
        );

    [Fact]
    public void The_folders_are_searched_in_order()
    {
        var root = new Root()
            .Add("usr/bin/tool", needed: ["liba.so"])
            .Add("usr/lib/liba.so")
            .Add("usr/local/lib/liba.so");

        Assert.Equal(["usr/bin/tool: liba.so -> usr/local/lib/liba.so"], root.Load("usr/bin/tool"));
        Assert.Equal(["usr/bin/tool: liba.so -> lib/liba.so"], root.Add("lib/liba.so").Load("usr/bin/tool"));
    }

    [Theory]
    [InlineData("/opt/lib:/usr/lib\n")]
    [InlineData("\n\n/nowhere\n/opt/lib")]
    public void The_path_file_of_the_linker_takes_the_place_of_the_usual_folders(string text)
    {
        var root = new Root()
            .Add("usr/bin/tool", needed: ["liba.so"])
            .Add("opt/lib/liba.so")
            .Add("usr/local/lib/liba.so")
            .Text("etc/ld-musl-x86_64.path", text);

        Assert.Equal(["usr/bin/tool: liba.so -> opt/lib/liba.so"], root.Load("usr/bin/tool"));
    }

    [Theory]
    [InlineData("libc.so")]
    [InlineData("libm.so.6")]
    [InlineData("libpthread.so.0")]
    [InlineData("libdl.so.2")]
    public void What_musl_has_in_itself_is_the_linker(string name)
    {
        Assert.Equal(
            [$"usr/bin/tool: {name} -> {Linker}"],
            new Root().Add("usr/bin/tool", needed: [name]).Add(Linker).Load("usr/bin/tool")
        );
        Assert.Equal([$"usr/bin/tool: {name}"], new Root().Add("usr/bin/tool", needed: [name]).LoadAll());
    }

    [Theory]
    [InlineData("libcrypt.so")]
    [InlineData("libmagic.so.1")]
    [InlineData("c.so")]
    public void Other_names_that_begin_so_are_not(string name) =>
        Assert.Equal([$"usr/bin/tool: {name}"], new Root().Add("usr/bin/tool", needed: [name]).Add(Linker).LoadAll());

    [Theory]
    [InlineData("usr/bin/tool", "/lib64/ld-linux-x86-64.so.2", "libz.so.1")]
    [InlineData("usr/lib/module.so", null, "libc.so.6")]
    [InlineData("usr/lib/x86_64-linux-gnu/gconv/X.so", null, "libz.so.1")]
    public void What_is_linked_with_the_gnu_library_finds_the_folders_of_its_architecture(
        string path,
        string? interpreter,
        string need
    )
    {
        const string folder = "usr/lib/x86_64-linux-gnu";
        var root = new Root()
            .Add(path, needed: [need], interpreter: interpreter)
            .Add($"{folder}/{need}")
            .Add($"{folder}/libz.so.1");

        Assert.Equal([$"{path}: {need} -> {folder}/{need}"], root.Load(path));
    }

    [Fact]
    public void What_is_linked_with_musl_does_not()
    {
        var root = new Root()
            .Add("usr/bin/tool", needed: ["libz.so.1"], interpreter: "/lib/ld-musl-x86_64.so.1")
            .Add("usr/lib/x86_64-linux-gnu/libz.so.1");

        Assert.Equal(["usr/bin/tool: libz.so.1"], root.LoadAll());
    }

    /// <summary>Files with what they need, as one output.</summary>
    private sealed class Root
    {
        private readonly TreeBuilder tree = new();
        private readonly List<FileScan> scans = [];
        private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

        public Root Add(string path, string[]? needed = null, string[]? runPath = null, string? interpreter = null)
        {
            tree.AddFile(path, Digest.Of(Encoding.UTF8.GetBytes(path)), isExecutable: true);
            scans.Add(new(path, null, [.. needed ?? []], [.. runPath ?? []], interpreter));
            return this;
        }

        public Root Link(string path, string target)
        {
            tree.AddLink(path, target);
            return this;
        }

        public Root Text(string path, string text)
        {
            tree.AddFile(path, Digest.Of(Encoding.UTF8.GetBytes(text)), isExecutable: false);
            texts[path] = text;
            return this;
        }

        /// <summary>Each need that one file finds, and where.</summary>
        public List<string> Load(string path)
        {
            var found = new List<string>();
            Walk()
                .Load(Start(scans.Single(x => x.Path == path)), (by, need, file) =>
                    found.Add($"{by.File.Path}: {need} -> {file.Path}")
                );
            return found;
        }

        /// <summary>What is missing once each file was started.</summary>
        public List<string> LoadAll()
        {
            var walk = Walk();
            foreach (var scan in scans)
                walk.Load(Start(scan));
            return
            [
                .. walk.Missing.Select(x =>
                    $"{x.By.File.Path}{(x.By.NeededBy is { } loader ? $" (for {loader.File.Path})" : "")}: {x.Need}"
                ),
            ];
        }

        private LoadWalk<string> Walk()
        {
            var view = new RuntimeView<string>([new("root", tree.Build(), new([.. scans]))], (_, path) => texts[path]);
            return new((by, need) => view.Locate(need, by) is { } found ? new(found, view.ScanOf(found)) : null);
        }

        private static LoadedFile<string> Start(FileScan scan) => LoadedFile<string>.Start("root", scan);
    }
}
