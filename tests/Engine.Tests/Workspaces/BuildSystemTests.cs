using Recipes.Engine.Building.Planning;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>Build systems as files, and what recipes do with them.</summary>
public sealed class BuildSystemTests : IDisposable
{
    private readonly TestWorkspace test = new();

    [Fact]
    public void A_recipe_names_a_system_in_one_line_and_gets_its_steps_needs_and_environment()
    {
        test.Package("tool")
            .System(
                """
                summary = "For tests"
                needs = ["tool"]
                environment = { CC = "gcc", LANG = "C" }
                [variables.jobs]
                default = "1"
                meaning = "How many"
                [variables.flags]
                default = ["-O2", "-g 3"]
                meaning = "What the compiler gets"
                [steps]
                prepare = "echo {name} {version} ${jobs} { print }"
                compile = "make -C {source} -j{jobs} {flags} {compile} all"
                """
            )
            .Add("pkgs/lib", "version = \"3\"\n[build]\nsystem = \"mine\"\nenvironment = { CC = \"cc\" }");

        var (recipe, files) = Built("lib");

        Assert.Equal(["tool"], recipe.Build.AllNeeds.Select(x => x.ToString()));
        Assert.Empty(recipe.Build.Needs);
        Assert.Equal(("cc", "C"), (recipe.Build.Environment["CC"], recipe.Build.Environment["LANG"]));
        Assert.Equal("echo lib 3 ${jobs} { print }\n", files["prepare"]);
        Assert.Equal("make -C . -j1 -O2 '-g 3' all\n", files["compile"]);
        Assert.Equal(["prepare", "compile", "finish", "run"], files.Keys.Order(Comparer<string>.Create(ByStep)));
    }

    [Fact]
    public void A_recipe_sets_variables_and_arguments()
    {
        test.System(
                """
                summary = "For tests"
                [variables.type]
                default = "release"
                meaning = "Which"
                choices = ["debug", "release"]
                [variables.flags]
                default = ["-O2"]
                meaning = "What"
                [steps]
                compile = "{source}/build {type} {flags} {compile}"
                """
            )
            .Add(
                "pkgs/lib",
                """
                [build]
                system = "mine"
                compile = ["two words"]
                out-of-tree = true
                variables = { type = "debug", flags = [] }
                """
            );

        Assert.Equal(
            "mkdir -p /tmp/objects\ncd /tmp/objects\n/build/build debug 'two words'\n",
            Built("lib").Files["compile"]
        );
    }

    [Fact]
    public void Where_a_recipe_sets_variables_its_own_steps_have_them_too()
    {
        test.Package("plain", "steps.install = \"awk '{print}' {dir}\"")
            .Package(
                "filled",
                "variables = { dir = \"/stage/a b\" }\nsteps.install = \"mkdir {dir}; awk '{ print }'\""
            );

        Assert.Equal("awk '{print}' {dir}\n", Built("plain").Files["install"]);
        Assert.Equal("mkdir /stage/a b; awk '{ print }'\n", Built("filled").Files["install"]);
    }

    [Theory]
    [InlineData(
        "system = \"mak\"",
        "pkgs/lib/recipe.toml:3:10: error: there is no build system 'mak'; did you mean 'make'?"
    )]
    [InlineData(
        "system = \"scons\"",
        "pkgs/lib/recipe.toml:3:10: error: there is no build system 'scons'; there are autotools, cmake, go, make, meson, perl, python, none"
    )]
    [InlineData(
        "system = \"none\"\ninstall = [\"x\"]",
        "pkgs/lib/recipe.toml:4:1: error: the system 'none' has no install step; write one in [build.steps]"
    )]
    [InlineData(
        "system = \"make\"\nconfigure = [\"-x\"]",
        "pkgs/lib/recipe.toml:4:1: error: the system 'make' has no configure step; write one in [build.steps]"
    )]
    [InlineData(
        "system = \"make\"\ncompile = [\"-x\"]\nsteps.compile = \"x\"",
        "pkgs/lib/recipe.toml:4:1: error: the arguments 'compile' go nowhere: [build.steps] has its own 'compile'"
    )]
    [InlineData(
        "system = \"meson\"\nout-of-tree = true",
        "pkgs/lib/recipe.toml:4:1: error: the system 'meson' chooses the directory of the build itself; leave 'out-of-tree' "
            + "out"
    )]
    [InlineData(
        "system = \"cmake\"\nvariables = { build-typ = \"Debug\" }",
        "pkgs/lib/recipe.toml:4:15: error: the system 'cmake' has no variable 'build-typ', and no step of the recipe has "
            + "it; did you mean 'build-type'?"
    )]
    [InlineData(
        "system = \"cmake\"\nvariables = { build-type = [\"Debug\"] }",
        "pkgs/lib/recipe.toml:4:15: error: the variable 'build-type' of the system 'cmake' is a string, not a list of "
            + "strings"
    )]
    [InlineData(
        "system = \"cmake\"\nvariables = { build-type = \"debug\" }",
        "pkgs/lib/recipe.toml:4:15: error: unknown build-type 'debug'; did you mean 'Debug'?"
    )]
    [InlineData(
        "system = \"cmake\"\nvariables = { build-type = \"Fast\" }",
        "pkgs/lib/recipe.toml:4:15: error: unknown build-type 'Fast'; the system 'cmake' takes Debug, MinSizeRel, Release, "
            + "RelWithDebInfo"
    )]
    [InlineData(
        "system = \"cmake\"\nvariables = { build-type = \"Debug\" }\nsteps.configure = \"x\"",
        "pkgs/lib/recipe.toml:4:15: error: the variable 'build-type' goes nowhere: [build.steps] has the step itself that "
            + "takes it"
    )]
    [InlineData(
        "system = \"make\"\nvariables = { compile = [] }",
        "pkgs/lib/recipe.toml:4:15: error: arguments of a step are a key of [build]: compile = […]"
    )]
    [InlineData(
        "system = \"make\"\nvariables = { source = \"x\" }",
        "pkgs/lib/recipe.toml:4:15: error: the variable 'source' is set in every build and cannot be changed"
    )]
    [InlineData(
        "system = \"make\"\nvariables = { Source = \"x\" }",
        "pkgs/lib/recipe.toml:4:15: error: bad variable name 'Source': variables of steps have a-z, 0-9 and '-', and begin "
            + "with a letter"
    )]
    [InlineData(
        "system = \"make\"\nvariables = { a = 1 }",
        "pkgs/lib/recipe.toml:4:19: error: 'a' in [build.variables] has to be a string or a list of strings, not a number"
    )]
    [InlineData(
        "system = \"make\"\nvariables = { a = [\"b\", 1] }",
        "pkgs/lib/recipe.toml:4:25: error: every item of 'a' in [build.variables] has to be a string, not a number"
    )]
    [InlineData(
        "system = \"none\"\nvariables = { dir = \"x\" }",
        "pkgs/lib/recipe.toml:4:15: error: no step has the variable 'dir': write {dir}"
    )]
    [InlineData(
        "system = \"none\"\nvariables = { dir = \"x\" }\nsteps.install = \"\"\"\nmkdir {dir}\ncd {dirr}\n\"\"\"",
        "pkgs/lib/recipe.toml:7:4: error: there is no variable 'dirr'; did you mean 'dir'?"
    )]
    [InlineData(
        "system = \"none\"\nvariables = { dir = \"x\" }\nsteps.install = \"\"\"\nmkdir {dir}\nawk '{print}'\n\"\"\"",
        "pkgs/lib/recipe.toml:7:6: error: there is no variable 'print'; for braces of the shell, write a blank: { print }"
    )]
    [InlineData(
        "system = \"none\"\nvariables = { dir = \"x\" }\nsteps.install = \"mkdir {dir} {version}\"",
        "pkgs/lib/recipe.toml:5:30: error: '{version}' is used here, but the recipe has no version"
    )]
    public void What_a_recipe_gets_wrong_is_told_where_it_says_so(string build, string expected)
    {
        test.Add("pkgs/lib", $"[build]\n{build}");

        Assert.Equal([expected], test.Faults());
    }

    [Fact]
    public void A_fault_in_a_variable_points_to_its_declaration_too()
    {
        test.Add("pkgs/lib", "[build]\nsystem = \"cmake\"\nvariables = { build-type = \"Fast\" }");

        Assert.Equal(
            """
            pkgs/lib/recipe.toml:4:15: error: unknown build-type 'Fast'; the system 'cmake' takes Debug, MinSizeRel, Release, RelWithDebInfo
            variables = { build-type = "Fast" }
                          ^^^^^^^^^^
            systems/cmake.toml:4:12: note: it is about this
            [variables.build-type]
                       ^^^^^^^^^^
            """,
            Assert.Single(test.Load().Diagnostics).ToString()
        );
    }

    [Theory]
    [InlineData("", "1:1: error: missing key 'summary' at the top level")]
    [InlineData("summary = 1", "1:11: error: 'summary' at the top level has to be a string, not a number")]
    [InlineData("sumary = \"x\"", "1:1: error: unknown key 'sumary' at the top level; did you mean 'summary'?")]
    [InlineData("summary = \"x\"\nneeds = [\"tol\"]", "2:10: error: there is no recipe 'tol'; did you mean 'tool'?")]
    [InlineData(
        "summary = \"x\"\nneeds = [\"toolchain\"]",
        "2:10: error: 'toolchain' lives in toolchain/; a recipe in pkgs/ may name only packages in pkgs/"
    )]
    [InlineData(
        "summary = \"x\"\nenvironment = { HOME = \"/\" }",
        "2:17: error: the variable 'HOME' is the same in every build and cannot be set"
    )]
    [InlineData(
        "summary = \"x\"\n[steps]\ncompile = '''\nmake {flag}\n'''",
        "4:6: error: there is no variable 'flag'; for braces of the shell, write a blank: { flag }"
    )]
    [InlineData(
        "summary = \"x\"\n[variables.flag]\ndefault = \"\"\nmeaning = \"x\"",
        "2:12: error: no step has the variable 'flag': write {flag}"
    )]
    [InlineData(
        "summary = \"x\"\nsteps.compile = \"{flag}\"\n[variables]\nflag = \"x\"",
        "4:8: error: 'flag' in [variables] has to be a table, written [variables.flag], not a string"
    )]
    [InlineData(
        "summary = \"x\"\nsteps.compile = \"{flag}\"\n[variables]\nflag = [\"x\"]",
        "4:8: error: 'flag' in [variables] has to be a table, written [variables.flag], not a list"
    )]
    [InlineData(
        "summary = \"x\"\nsteps.compile = \"{flag}\"\n[variables.flag]\nmeaning = \"x\"",
        "3:1: error: missing key 'default' in [variables.flag]"
    )]
    [InlineData(
        "summary = \"x\"\nsteps.compile = \"{flag}\"\n[variables.flag]\nmeaning = \"x\"\ndefault = \"a\"\nchoices = [\"b\"]",
        "5:1: error: the default 'a' is not among the choices"
    )]
    [InlineData(
        "summary = \"x\"\nsteps.compile = \"{source}\"\n[variables.source]\nmeaning = \"x\"\ndefault = \"a\"",
        "3:12: error: 'source' is set in every build system and cannot be declared"
    )]
    [InlineData("summary = \"x\"\nsteps.test = \"x\"", "2:7: error: unknown key 'test' in [steps]")]
    [InlineData("summary = \"x\"\n[steps\n", "2:7: error: this is not TOML: ']' is missing")]
    [InlineData("summary = \"x\"\nreplaces = \"base\"", "2:12: error: there is no collection 'base'")]
    public void What_a_system_gets_wrong_is_told_once_and_not_in_the_recipes_that_use_it(string text, string expected)
    {
        test.Package("tool").System(text);
        foreach (var user in (string[])["one", "two"])
            test.Add($"pkgs/{user}", "[build]\nsystem = \"mine\"");

        Assert.Equal(["systems/mine.toml:" + expected], test.Faults());
    }

    [Fact]
    public void What_a_recipe_sets_is_not_held_against_a_faulty_system()
    {
        test.System("summary = 1")
            .Add("pkgs/one", "[build]\nsystem = \"mine\"\ncompile = [\"x\"]\nvariables = { flag = \"x\" }");

        Assert.Equal(["systems/mine.toml"], test.Load().Diagnostics.Select(x => x.Span!.File));
    }

    [Theory]
    [InlineData(
        "none",
        "systems/none.toml:1:1: error: 'none' is the word for no build system; give the file another name"
    )]
    [InlineData(
        "My system",
        "systems/My system.toml:1:1: error: bad name 'My system': names have a-z, 0-9, '+', '.' and '-', and begin with a "
            + "letter or digit"
    )]
    public void What_a_file_cannot_be_called(string name, string expected)
    {
        test.Write($"systems/{name}.toml", "summary = \"x\"\n");

        Assert.Equal([expected], test.Faults());
    }

    [Fact]
    public void A_system_that_needs_what_it_builds_is_a_cycle_that_names_it()
    {
        test.System("summary = \"x\"\nneeds = [\"tool\"]\n[steps]\ninstall = \"x\"")
            .Add("pkgs/tool", "[build]\nsystem = \"mine\"");

        var fault = Assert.Single(RecipeGraph.Create(test.Load()).Diagnostics).ToString();

        Assert.Contains("tool", fault, StringComparison.Ordinal);
        Assert.Contains("systems/mine.toml:2:10", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workspace_without_any_says_where_one_would_be()
    {
        using var folder = new WorkspaceFolder();
        folder.WriteRecipe("stage0/seed", "[seed]\nsuite = \"bookworm\"\npackages = [\"gcc\"]");
        folder.WriteRecipe("toolchain/toolchain", "[build]\nbase = \"seed\"\nsystem = \"scons\"");

        Assert.Equal(
            "there is no build system 'scons'; one is a file of the workspace or of a collection: systems/scons.toml",
            Assert.Single(Workspace.Load(folder.Root, TestContext.Current.CancellationToken).Diagnostics).Message
        );
    }

    public void Dispose() => test.Dispose();

    private static int ByStep(string a, string b)
    {
        string[] order = [.. BuildSpec.StepNames, "finish", "run"];
        return Array.IndexOf(order, a) - Array.IndexOf(order, b);
    }

    private (PackageRecipe Recipe, IReadOnlyDictionary<string, string> Files) Built(string name)
    {
        var workspace = test.Load();
        Assert.Empty(workspace.Diagnostics);
        var recipe = workspace.RequirePackage(name);
        return (recipe, BuildScript.Of(recipe).Files);
    }
}
