using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Reading;
using Recipes.Engine.Workspaces.Toml;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>Each fault of a single recipe, with its place and its message.</summary>
public class RecipeFaultTests
{
    [Theory]
    [InlineData("version = \"1\n", "2:13: this is not TOML: the string has no closing quote on its line")]
    [InlineData("version = one\n", "2:11: this is not TOML: 'one' is not a value; a string needs quotes")]
    [InlineData("version =\n", "2:10: this is not TOML: the value is missing")]
    [InlineData("version\n", "2:8: this is not TOML: a key needs '=' and a value after it")]
    [InlineData("version = \"1\", a = 2\n", "2:14: this is not TOML: ',' is not expected here: the line should end")]
    [InlineData("[build\n", "2:7: this is not TOML: ']' is missing")]
    [InlineData(
        "version = \"\\q\"\n",
        "2:13: this is not TOML: unexpected escape character [q] in string. Only b t n f r e \\ \" xHH u0000-uFFFF "
            + "U00000000-UFFFFFFFF are allowed"
    )]
    public void Syntax(string text, string expected) =>
        Assert.Equal(expected, Reading.Faults("name = \"zlib\"\n" + text).First());

    [Fact]
    public void Each_line_has_one_syntax_fault_at_most() =>
        Assert.Equal(
            [
                "1:8: this is not TOML: 'zlib' is not a value; a string needs quotes",
                "3:11: this is not TOML: '?' is not a value; a string needs quotes",
            ],
            Reading.Faults("name = zlib\n\nversion = ?1\n")
        );

    [Theory]
    [InlineData("configre = []\n", "5:1: unknown key 'configre' in [build]; did you mean 'configure'?")]
    [InlineData(
        "license = \"MIT\"\n",
        "5:1: unknown key 'license' in [build]; it belongs to the top level, above the first table"
    )]
    [InlineData("patches = []\n", "5:1: unknown key 'patches' in [build]; it belongs to [source]")]
    [InlineData("quite-other = []\n", "5:1: unknown key 'quite-other' in [build]")]
    [InlineData("[build.stps]\n", "5:8: unknown key 'stps' in [build]; did you mean 'steps'?")]
    [InlineData("[build.steps]\nconfig = \"x\"\n", "6:1: unknown key 'config' in [build.steps]")]
    [InlineData("[[waiver]]\n", "5:3: unknown key 'waiver' at the top level; did you mean 'waivers'?")]
    public void Unknown_keys(string text, string expected) =>
        Assert.Equal([expected], Reading.Faults(Reading.Package + text));

    [Theory]
    [InlineData("libzz++")]
    [InlineData("a-.b")]
    public void An_image_has_a_name_that_registries_take(string name)
    {
        var result = RecipeReader.Read(
            new SourceText($"pkgs/{name}/recipe.toml", $"name = \"{name}\"\n[image]\ninclude = [\"busybox\"]\n"),
            new RecipeLocation(RecipeArea.Packages, $"/nowhere/pkgs/{name}")
        );

        Assert.Equal(
            $"no registry takes an image named '{name}': a repository has lower case letters, digits and single "
                + $"'.', '_' or "
                + "'-' between them, in parts with '/' between them ('+' becomes '_'); give the recipe another name",
            Assert.Single(result.Diagnostics).Message
        );
    }

    [Theory]
    [InlineData("needs = \"x\"\n", "5:9: 'needs' in [build] has to be a list of strings, not a string")]
    [InlineData("needs = [\"a\", 1]\n", "5:15: every item of 'needs' in [build] has to be a string, not a number")]
    [InlineData("strip = \"no\"\n", "5:9: 'strip' in [build] has to be true or false, not a string")]
    [InlineData("base = 1.5\n", "5:8: 'base' in [build] has to be a string, not a number with a point")]
    [InlineData(
        "environment = [\"A\"]\n",
        "5:15: 'environment' in [build] has to be a table, written [build.environment], not a list"
    )]
    [InlineData("environment = { A = 1 }\n", "5:21: 'A' in [build.environment] has to be a string, not a number")]
    [InlineData("limits = true\n", "5:10: 'limits' in [build] has to be a table, written [build.limits], not true")]
    [InlineData(
        "[build.limits]\nprocesses = \"9\"\n",
        "6:13: 'processes' in [build.limits] has to be a whole number, not a string"
    )]
    [InlineData("[build.limits]\nprocesses = 0\n", "6:13: 'processes' has to be from 1 to 2147483647")]
    [InlineData(
        "[waivers]\npath = \"x\"\n",
        "5:1: 'waivers' at the top level has to be a list of tables, each written [[waivers]], not a table"
    )]
    [InlineData("[test]\nscript = 2026-11-23\n", "6:10: 'script' in [test] has to be a string, not a date")]
    public void Wrong_types(string text, string expected) =>
        Assert.Equal([expected], Reading.Faults(Reading.Package + text));

    [Theory]
    [InlineData("[build]\nsystem = \"none\"\n", "1:1: missing key 'name' at the top level")]
    [InlineData("name = \"zlib\"\n[build]\n", "2:1: missing key 'system' in [build]")]
    [InlineData(
        "name = \"zlib\"\n[source]\narchive = \"https://example.org/a.tar\"\n",
        "1:1: missing key 'version' at the top level; a recipe with a source of its own has one"
    )]
    [InlineData(
        Reading.Package + "[[waivers]]\npath = \"x\"\nreason = \"r\"\n",
        "5:1: missing key 'check' in [[waivers]]"
    )]
    [InlineData("name = \"zlib\"\n[build]\nneeds = []\n", "2:1: missing key 'system' in [build]")]
    [InlineData(
        "name = \"zlib\"\n[build]\nsytem = \"none\"\n",
        "3:1: unknown key 'sytem' in [build]; did you mean 'system'?"
    )]
    [InlineData("name = \"zlib\"\n[image]\n", "2:1: missing key 'include' in [image]")]
    [InlineData("name = \"zlib\"\n[image]\ninclude = []\n", "3:11: 'include' in [image] is empty")]
    [InlineData(
        Reading.Image + "[image.healthcheck]\ninterval = \"1s\"\n",
        "4:1: missing key 'command' in [image.healthcheck]"
    )]
    public void Missing_keys(string text, string expected) => Assert.Equal([expected], Reading.Faults(text));

    [Theory]
    [InlineData("strip = true\nstrip = true\n", "6:1: 'strip' is already written on line 5")]
    [InlineData("[build]\nstrip = true\n", "5:2: 'build' is already written on line 3")]
    [InlineData("[name]\n", "5:2: 'name' is already written on line 1")]
    [InlineData("environment = { A = \"1\", A = \"2\" }\n", "5:26: 'A' is already written on line 5")]
    [InlineData("needs = [\"perl\", \"perl\"]\n", "5:18: 'perl' is listed twice")]
    [InlineData("steps.install = \"x\"\n[build.steps]\ncompile = \"y\"\n", "6:8: 'steps' is already written on line 5")]
    [InlineData(
        "strip.a = 1\nstrip = true\n",
        "6:1: 'strip' is already written on line 5",
        "5:1: 'strip' in [build] has to be true or false, not a table"
    )]
    public void Duplicates(string text, params string[] expected) =>
        Assert.Equal(expected.Order(), Reading.Faults(Reading.Package + text).Order());

    [Theory]
    [InlineData("name = \"zlib\"\n", "1:1: a recipe needs one of [build], [source], [image], [stack] and [seed]")]
    [InlineData(
        Reading.Package + "[image]\ninclude = [\"a\"]\n",
        "5:2: [build] and [image] exclude each other: a recipe is a seed, a package, an image or a stack"
    )]
    [InlineData(Reading.Image + "[source]\nfrom = \"a\"\n", "4:2: only packages have a [source], and this has [image]")]
    [InlineData(Reading.Image + "[outputs]\na = [\"x\"]\n", "4:2: 'outputs' means nothing without [build]")]
    [InlineData(
        "name = \"zlib\"\n[source]\nfrom = \"a\"\n[test]\nscript = \"x\"\n",
        "4:2: 'test' means nothing without [build] or [image]"
    )]
    [InlineData(
        "name = \"lib\"\n[build]\nsystem = \"none\"\n",
        "1:8: the name 'lib' differs from its folder's, 'zlib'"
    )]
    [InlineData("name = \"zlib\"\n[seed]\nsuite = \"a\"\npackages = [\"gcc\"]\n", "2:2: seeds live in stage0/")]
    [InlineData(
        "name = \"zlib\"\nversion = \"1\"\nversion-from = \"a\"\n[image]\ninclude = [\"a\"]\n",
        "3:1: 'version' and 'version-from' exclude each other"
    )]
    [InlineData(
        "name = \"zlib\"\nversion-from = \"a\"\n[source]\narchive = \"https://a.org/a\"\n",
        "2:1: 'version-from' is for images and for packages without a source of their own; write 'version'"
    )]
    public void Kinds(string text, string expected) => Assert.Equal([expected], Reading.Faults(text));

    [Theory]
    [InlineData(
        nameof(RecipeArea.Stage0),
        Reading.Package,
        "3:2: packages live in toolchain/ or pkgs/; stage0/ is for seeds"
    )]
    [InlineData(nameof(RecipeArea.Toolchain), Reading.Image, "2:2: images live in pkgs/")]
    [InlineData(
        nameof(RecipeArea.Packages),
        Reading.Package + "base = \"seed\"\n",
        "5:8: packages in pkgs/ are built from the base 'toolchain' and no other; leave 'base' out"
    )]
    [InlineData(
        nameof(RecipeArea.Packages),
        Reading.Package + "stands-for = \"gcc\"\n",
        "5:1: 'stands-for' is only for packages in toolchain/"
    )]
    public void Areas(string area, string text, string expected) =>
        Assert.Equal([expected], Reading.Faults(text, Enum.Parse<RecipeArea>(area)));

    [Theory]
    [InlineData("", "3:1: [source] needs 'archive', 'git', 'path', 'artifact' or 'from'")]
    [InlineData(
        "archive = \"https://a.org/a\"\nfrom = \"b\"\n",
        "5:1: 'archive' and 'from' exclude each other: the source is pinned by the other recipe"
    )]
    [InlineData(
        "from = \"b\"\nonly = [\"c\"]\n",
        "5:1: 'only' and 'from' exclude each other: the source is pinned by the other recipe"
    )]
    [InlineData(
        "from = \"b\"\nlimits = { size = \"1GB\" }\n",
        "5:1: 'limits' and 'from' exclude each other: the source is pinned by the other recipe"
    )]
    [InlineData(
        "path = \"src\"\nfrom = \"b\"\n",
        "5:1: 'path' and 'from' exclude each other: what the repository has at HEAD is the pin"
    )]
    [InlineData(
        "archive = \"https://a.org/a\"\npath = \".\"\n",
        "5:1: 'path' and 'archive' exclude each other: what the repository has at HEAD is the pin"
    )]
    [InlineData("path = \"../src\"\n", "4:8: bad path '../src': '.' and '..' are not allowed in it")]
    [InlineData("path = \"/src\"\n", "4:8: bad path '/src': it has to be relative; leave out the '/' at its start")]
    [InlineData("path = \"src\"\ninner = \"a\"\n", "5:1: 'inner' needs 'archive' beside it")]
    [InlineData(
        "artifact = \"bin/publish\"\narchive = \"https://a.org/a\"\n",
        "5:1: 'artifact' and 'archive' exclude each other: what was made outside is the source"
    )]
    [InlineData(
        "git = \"https://a.org/a\"\ntag = \"v1\"\nartifact = \"bin\"\n",
        "6:1: 'artifact' and 'git' exclude each other: what was made outside is the source"
    )]
    [InlineData(
        "path = \".\"\nartifact = \"bin\"\n",
        "5:1: 'artifact' and 'path' exclude each other: what was made outside is the source"
    )]
    [InlineData(
        "artifact = \"bin\"\nfrom = \"b\"\n",
        "5:1: 'artifact' and 'from' exclude each other: what was made outside is the source"
    )]
    [InlineData("artifact = \"bin\"\ninner = \"a\"\n", "5:1: 'inner' needs 'archive' beside it")]
    [InlineData("artifact = \"bin\"\nmirrors = [\"https://a.org/a\"]\n", "5:1: 'mirrors' needs 'archive' beside it")]
    [InlineData("artifact = \"../bin\"\n", "4:12: bad path '../bin': '.' and '..' are not allowed in it")]
    [InlineData("artifact = \".\"\n", "4:12: bad path '.': '.' and '..' are not allowed in it")]
    [InlineData(
        "artifact = \"/bin\"\n",
        "4:12: bad path '/bin': it has to be relative; leave out the '/' at its start"
    )]
    [InlineData(
        "artifact = \"bin\"\nalso = [{ archive = \"https://a.org/b\", into = \"b\" }]\n",
        "5:1: 'also' needs 'archive' beside it"
    )]
    [InlineData(
        "from = \"b\"\nalso = [{ archive = \"https://a.org/b\", into = \"b\" }]\n",
        "5:1: 'also' and 'from' exclude each other: the source is pinned by the other recipe"
    )]
    [InlineData(
        "archive = \"https://a.org/a\"\ngit = \"https://a.org/a\"\ntag = \"v1\"\n"
            + "also = [{ archive = \"https://a.org/b\", into = \"b\" }]\n",
        "7:1: 'also' and 'git' exclude each other: a commit has all parts of the source"
    )]
    [InlineData(
        "archive = \"https://a.org/a\"\n[[source.also]]\narchive = \"https://a.org/b\"\n",
        "5:1: missing key 'into' in [[source.also]]"
    )]
    [InlineData(
        "archive = \"https://a.org/a\"\n[[source.also]]\narchive = \"https://a.org/b\"\ninto = \"../b\"\n",
        "7:8: bad path '../b': '.' and '..' are not allowed in it"
    )]
    [InlineData(
        "archive = \"https://a.org/a\"\nalso = [\n"
            + "  { archive = \"https://a.org/b\", into = \"b\" },\n  { archive = \"https://a.org/c\", into = \"b\" },\n]\n",
        "7:41: two archives are laid into 'b'"
    )]
    [InlineData(
        "archive = \"https://a.org/a\"\nalso = [\n"
            + "  { archive = \"https://a.org/b\", into = \"b\" },\n  { archive = \"https://a.org/c\", into = \"b/c\" },\n]\n",
        "7:41: 'b/c' and 'b' lie in one another, and each is a folder of one archive"
    )]
    [InlineData(
        "archive = \"https://a.org/a\"\ninclude = { lib = \"b\" }\n"
            + "also = [{ archive = \"https://a.org/b\", into = \"lib/b\" }]\n",
        "6:47: 'include' lays another source into 'lib', which would hide this one"
    )]
    [InlineData("git = \"https://a.org/a\"\n", "4:1: 'git' needs 'tag' beside it")]
    [InlineData("archive = \"https://a.org/a\"\ntag = \"v1\"\n", "5:1: 'tag' needs 'git' beside it")]
    [InlineData(
        "git = \"https://a.org/a\"\ntag = \"1\"\nmirrors = [\"https://b.org/a\"]\n",
        "6:1: 'mirrors' needs 'archive' beside it"
    )]
    [InlineData("git = \"https://a.org/a\"\ntag = \"1\"\ninner = \"a\"\n", "6:1: 'inner' needs 'archive' beside it")]
    [InlineData("from = \"b\"\npatches = [\"fix.patch\"]\n", "5:12: there is no file 'fix.patch' in pkgs/zlib")]
    [InlineData(
        "from = \"b\"\npatches = [\"../fix.patch\"]\n",
        "5:12: bad path '../fix.patch': '.' and '..' are not allowed in it"
    )]
    [InlineData(
        "archive = \"https://a.org/{verison}\"\n",
        "4:11: unknown template '{verison}'; did you mean 'version'?"
    )]
    [InlineData("archive = \"https://a.org/{date}\"\n", "4:11: unknown template '{date}'")]
    [InlineData(
        "from = \"b\"\ninclude = { \"/x\" = \"a\" }\n",
        "5:13: bad path '/x': it has to be relative; leave out the '/' at its start"
    )]
    public void Sources(string text, string expected) =>
        Assert.Equal([expected], Reading.Faults(Reading.Source + text));

    [Fact]
    public void A_template_of_a_missing_version() =>
        Assert.Contains(
            "3:11: '{version}' is used here, but the recipe has no version",
            Reading.Faults("name = \"zlib\"\n[source]\narchive = \"https://a.org/{version}\"\n")
        );

    [Theory]
    [InlineData(
        "environment = { HOME = \"/\" }\n",
        "5:17: the variable 'HOME' is the same in every build and cannot be set"
    )]
    [InlineData(
        "environment = { \"A B\" = \"/\" }\n",
        "5:17: bad variable name 'A B': variables have letters, digits and '_', and do not begin with a digit"
    )]
    [InlineData(
        "hard-links = \"symlinks\"\n",
        "5:14: unknown treatment of hard links 'symlinks'; did you mean 'symlink'?"
    )]
    [InlineData(
        "hard-links = \"copies\"\n",
        "5:14: unknown treatment of hard links 'copies'; it is one of keep, symlink"
    )]
    [InlineData("[[permissions]]\npath = \"x\"\n", "5:1: a permission needs 'mode', 'uid', 'gid' or 'capabilities'")]
    [InlineData(
        "[[permissions]]\npath = \"x\"\ncapabilities = [\"net_bind_service\"]\n",
        "7:17: unknown capability 'net_bind_service'; did you mean 'cap_net_bind_service'?"
    )]
    [InlineData(
        "[[waivers]]\ncheck = \"sonam\"\npath = \"x\"\nreason = \"y\"\n",
        "6:9: unknown check 'sonam'; did you mean 'soname'?"
    )]
    [InlineData("[[waivers]]\ncheck = \"soname\"\npath = \"x\"\nreason = \" \"\n", "8:10: bad text ' ': it is empty")]
    public void Builds(string text, string expected) =>
        Assert.Equal([expected], Reading.Faults(Reading.Package + text));

    [Fact]
    public void What_a_message_quotes_stays_on_one_line() =>
        Assert.Equal(
            ["2:11: bad text ' \\n\\u001b': it has to be one line"],
            Reading.Faults("name = \"zlib\"\nsummary = \" \\n\\u001b\"\n[build]\nsystem = \"none\"\n")
        );

    [Theory]
    [InlineData("user = \"postgres\"\n", "4:8: the image has no account 'postgres'; add it to [[image.accounts]]")]
    [InlineData("[[image.accounts]]\nname = \"root\"\nuid = 1\n", "5:8: the account 'root' is always there")]
    [InlineData(
        "[[image.accounts]]\nname = \"a\"\nuid = 1\n[[image.accounts]]\nname = \"a\"\nuid = 2\n",
        "8:8: there are two accounts 'a'"
    )]
    [InlineData(
        "[[image.accounts]]\nname = \"a\"\nuid = 1\n[[image.accounts]]\nname = \"b\"\nuid = 1\n",
        "9:1: there are two accounts with the uid 1"
    )]
    [InlineData(
        "[[image.accounts]]\nname = \"A\"\nuid = 1\n",
        "5:8: bad account name 'A': account names have a-z, 0-9, '_' and '-', at most 32, and begin with a letter "
            + "or '_'"
    )]
    [InlineData(
        "[[image.accounts]]\nname = \"a\"\nuid = 1\ncomment = \"a:b\"\n",
        "7:11: bad comment 'a:b': it may have neither ':' nor a line break"
    )]
    [InlineData("[[image.files]]\npath = \"/a\"\n", "4:1: a file needs 'source' or 'content'")]
    [InlineData("[[image.files]]\npath = \"/a\"\nsource = \"a\"\n", "6:10: there is no file 'a' in pkgs/zlib")]
    [InlineData(
        "[[image.files]]\npath = \"a\"\ncontent = \"a\"\n",
        "5:8: bad path 'a': it has to be absolute, with '/' at its start"
    )]
    [InlineData(
        "[[image.files]]\npath = \"/a\"\ncontent = \"a\"\n[[image.directories]]\npath = \"/a\"\n",
        "8:8: the path '/a' is written twice"
    )]
    public void Images(string text, string expected) => Assert.Equal([expected], Reading.Faults(Reading.Image + text));

    [Fact]
    public void A_file_with_source_and_content() =>
        Assert.Contains(
            "7:1: 'source' and 'content' exclude each other",
            Reading.Faults(Reading.Image + "[[image.files]]\npath = \"/a\"\nsource = \"a\"\ncontent = \"a\"\n")
        );
}
