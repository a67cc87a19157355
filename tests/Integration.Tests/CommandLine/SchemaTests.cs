using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>The schema, judged by Python's <c>jsonschema</c>.</summary>
public sealed class SchemaTests : IDisposable
{
    /// <summary>Prints each fault as <c>place: message</c>.</summary>
    private const string Judge = """
        import json, sys, tomllib
        from jsonschema import Draft7Validator
        schema = json.load(open(sys.argv[1]))
        Draft7Validator.check_schema(schema)
        for file in sys.argv[2:]:
            recipe = tomllib.load(open(file, "rb"))
            for fault in Draft7Validator(schema).iter_errors(recipe):
                print("/".join(map(str, fault.absolute_path)) + ": " + fault.message)
        """;

    private readonly TemporaryDirectory folder = new();

    [Fact]
    public async Task Every_recipe_of_the_project_follows_the_schema()
    {
        string[] areas = ["stage0", "toolchain", "pkgs"];
        var recipes = areas
            .SelectMany(x => Directory.GetDirectories(Path.Join(Checkout.Root, x)))
            .Select(x => Path.Join(x, "recipe.toml"))
            .Where(File.Exists)
            .ToArray();

        Assert.NotEmpty(recipes);
        Assert.Equal("", await JudgeAsync(recipes));
    }

    [Theory]
    [InlineData("", "'name' is a required property")]
    [InlineData("name = \"Zlib\"", "name: 'Zlib' does not match '^[a-z0-9]")]
    [InlineData("name = \"zlib\"\nverison = \"1\"", "Additional properties are not allowed ('verison' was unexpected)")]
    [InlineData("name = \"zlib\"\n[build]\nsystem = \"Make\"", "build/system: 'Make' does not match '^[a-z0-9]")]
    [InlineData(
        "name = \"zlib\"\n[build]\nvariables = { a = 1 }",
        "build/variables/a: 1 is not of type 'string', 'array'"
    )]
    [InlineData(
        "name = \"zlib\"\n[build]\nsystem = \"none\"\nstrip = \"no\"",
        "build/strip: 'no' is not of type 'boolean'"
    )]
    [InlineData(
        "name = \"zlib\"\n[build]\nsystem = \"none\"\nneeds = [\"m4\", \"m4\"]",
        "build/needs: ['m4', 'm4'] has non-unique"
    )]
    [InlineData(
        "name = \"zlib\"\n[build]\nsystem = \"none\"\nenvironment = { \"A-B\" = \"\" }",
        "'A-B' does not match"
    )]
    [InlineData("name = \"zlib\"\n[outputs]\nBIG = []", "'BIG' does not match")]
    [InlineData(
        "name = \"zlib\"\n[[waivers]]\ncheck = \"setuid\"\npath = \"*\"",
        "waivers/0: 'reason' is a required property"
    )]
    [InlineData("name = \"zlib\"\n[image]\ninclude = []", "image/include: [] ")]
    public async Task A_fault_is_one_for_the_schema_too(string recipe, string expected) =>
        Assert.Contains(expected, await JudgeAsync(folder.Write("recipe.toml", recipe)), StringComparison.Ordinal);

    [Fact]
    public async Task Both_ways_to_write_an_output_are_good() =>
        Assert.Equal(
            "",
            await JudgeAsync(
                folder.Write("recipe.toml", "name = \"x\"\n[outputs]\ndev = []\n[outputs.main]\nrequires = [\"zlib\"]")
            )
        );

    public void Dispose() => folder.Dispose();

    private async Task<string> JudgeAsync(params string[] recipes)
    {
        var schema = await ProgramRun.OfCliAsync(folder.Path, "schema");
        Assert.Equal(0, schema.ExitCode);
        var file = folder.Write("recipe.schema.json", schema.Out);
        var run = await ProgramRun.OfAsync("python3", ["-c", Judge, file, .. recipes], folder.Path);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Out;
    }
}
