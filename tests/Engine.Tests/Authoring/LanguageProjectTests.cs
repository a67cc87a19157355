using Recipes.Engine.Authoring;
using Xunit;

namespace Recipes.Engine.Tests.Authoring;

/// <summary>Projects of Python and Perl: how they are built, and what they say of themselves.</summary>
public sealed class LanguageProjectTests
{
    [Theory]
    [InlineData("[build-system]\nbuild-backend = \"flit_core.buildapi\"\n", "python-flit-core")]
    [InlineData("[build-system]\nbuild-backend = \"setuptools.build_meta:__legacy__\"\n", "python-setuptools")]
    [InlineData("[build-system]\nbuild-backend = \"poetry.core.masonry.api\"\n", "python-poetry-core")]
    [InlineData("[build-system]\nbuild-backend = \"mesonpy\"\n", "python-meson-python")]
    [InlineData("[build-system]\nrequires = [\"wheel\"]\n", "python-setuptools")]
    [InlineData(
        "[build-system]\nrequires = [\"setuptools>=64\", \"Setuptools_SCM[toml] >= 8\", \"tomli; python_version < '3.11'\"]\n",
        "python-setuptools python-setuptools-scm"
    )]
    [InlineData("[project]\nname = \"x\"\n", "python-setuptools")]
    public void A_pyproject_names_what_builds_it(string text, string packages)
    {
        var plan = Plan(("pyproject.toml", text), ("Makefile", "install:\n"));

        Assert.Equal(("python", "pyproject.toml"), (plan.System, plan.From));
        Assert.Equal(packages, string.Join(' ', plan.Programs));
    }

    [Theory]
    [InlineData("[tool.ruff]\nline-length = 100\n")]
    [InlineData("this is not TOML")]
    public void A_pyproject_that_sets_up_tools_alone_builds_nothing(string text) =>
        Assert.Equal("make", Plan(("pyproject.toml", text), ("Makefile", "install:\n")).System);

    [Fact]
    public void A_setup_py_alone_is_a_project_of_setuptools()
    {
        var plan = Plan(("setup.py", ""), ("Makefile", "install:\n"));

        Assert.Equal(("python", "setup.py"), (plan.System, plan.From));
        Assert.Equal(["python-setuptools"], plan.Programs);
    }

    [Fact]
    public void Code_in_C_that_has_modules_of_Python_too_is_built_by_its_own_build_system() =>
        Assert.Equal("cmake", Plan(("CMakeLists.txt", "project(x)"), ("setup.py", "")).System);

    [Fact]
    public void A_pyproject_tells_the_facts()
    {
        var facts = Facts(
            (
                "pyproject.toml",
                "[project]\nname = \"x\"\nversion = \"1.2\"\ndescription = \"An x of things.\"\nlicense = \"MIT\"\n"
                    + "[project.urls]\nHomepage = \"https://x.org/\"\n"
            )
        );

        Assert.Equal(
            ("1.2", "X of things", "MIT", "https://x.org"),
            (facts.Version?.Value, facts.Summary?.Value, facts.License?.Value, facts.Homepage?.Value)
        );
        Assert.Equal("pyproject.toml", facts.License?.From);
    }

    [Fact]
    public void The_metadata_of_a_release_tell_what_a_pyproject_leaves_to_be_computed()
    {
        var facts = Facts(
            ("pyproject.toml", "[project]\nname = \"x\"\ndynamic = [\"version\"]\n"),
            (
                "PKG-INFO",
                "Metadata-Version: 2.4\nName: x\nVersion: 3.0\nSummary: Reads words: all of them\nLicense: UNKNOWN\n"
                    + "License-Expression: ISC\nProject-URL: Homepage, https://x.org\n\nSummary: of the text\n"
            )
        );

        Assert.Equal(
            ("3.0", "Reads words", "ISC", "https://x.org"),
            (facts.Version?.Value, facts.Summary?.Value, facts.License?.Value, facts.Homepage?.Value)
        );
    }

    [Theory]
    [InlineData("Makefile.PL", "", "")]
    [InlineData("Build.PL", "use Module::Build;", "perl-module-build")]
    [InlineData("Build.PL", "use Module::Build::Tiny;", "perl-module-build-tiny")]
    public void Modules_of_Perl_are_built_by_their_own_programs(string file, string text, string programs)
    {
        var plan = Plan((file, text));

        Assert.Equal(("perl", file), (plan.System, plan.From));
        Assert.Equal(programs, string.Join(' ', plan.Programs));
    }

    [Fact]
    public void Of_two_programs_of_a_Perl_distribution_the_one_that_every_Perl_can_run_is_taken() =>
        Assert.Equal("Makefile.PL", Plan(("Build.PL", "use Module::Build;"), ("Makefile.PL", "")).From);

    [Fact]
    public void The_metadata_of_a_Perl_distribution_tell_the_facts()
    {
        var facts = Facts(
            (
                "META.json",
                """
                {"name": "X-Y", "version": "0.5", "abstract": "Reads words", "license": ["perl_5"],
                 "resources": {"homepage": "https://x.org"}}
                """
            )
        );

        Assert.Equal(
            ("0.5", "Reads words", "Artistic-1.0-Perl OR GPL-1.0-or-later", "https://x.org"),
            (facts.Version?.Value, facts.Summary?.Value, facts.License?.Value, facts.Homepage?.Value)
        );
    }

    [Theory]
    [InlineData("{\"abstract\": \"unknown\", \"license\": [\"open_source\"]}")]
    [InlineData("{\"license\": \"perl_5\", \"resources\": []}")]
    [InlineData("{\"license\": [5]}")]
    [InlineData("[]")]
    [InlineData("{")]
    public void What_the_metadata_do_not_know_is_not_told(string text)
    {
        var facts = Facts(("META.json", text));

        Assert.Null(facts.Summary);
        Assert.Null(facts.License);
    }

    [Theory]
    [InlineData("main.go", "", null)]
    [InlineData("main.go vendor/modules.txt", "require example.org/y v1.0.0", null)]
    [InlineData("main.go", "require example.org/y v1.0.0", "what it imports is not in a folder 'vendor', and nothing")]
    [InlineData("main_test.go", "", "there is no program at the top; name the folders of its programs")]
    [InlineData("main.go", "// require nothing", null)]
    [InlineData("cmd/x/main.go", "", "there is no program at the top; name the folders of its programs")]
    public void A_Go_module_is_built_from_what_it_has(string files, string requirement, string? remark)
    {
        var plan = Plan([
            ("go.mod", $"module example.org/x\n\ngo 1.19\n{requirement}\n"),
            ("Makefile", "all:\n\tgo build\n"),
            .. files.Split(' ').Select(x => (x, "package main\n")),
        ]);

        Assert.Equal(("go", "go.mod"), (plan.System, plan.From));
        Assert.Equal(remark is not null, plan.IsGuess);
        Assert.StartsWith(remark ?? "", plan.Remark ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("module github.com/some/tool/v3\n", "https://github.com/some/tool")]
    [InlineData("// a comment\nmodule \"example.org/tool\"\n", null)]
    [InlineData("go 1.19\n", null)]
    public void The_path_of_a_Go_module_is_its_homepage_where_people_host_code(string mod, string? homepage) =>
        Assert.Equal(homepage, Facts(("go.mod", mod), ("main.go", "package main\n")).Homepage?.Value);

    private static BuildPlan Plan(params (string Path, string Text)[] files) =>
        BuildPlans.Find(SourceTree.Of(files), "x")[0];

    private static SourceFacts Facts(params (string Path, string Text)[] files) =>
        SourceFacts.Of(SourceTree.Of(files), "x", "https://example.org/x-1.tar.gz");
}
