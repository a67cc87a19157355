using System.Collections.Immutable;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public class OutputsReaderTests
{
    [Fact]
    public void Defaults_come_last_and_have_no_place()
    {
        var outputs = Outputs("");

        Assert.Equal(["dev", "doc", "main", "tools"], outputs.Select(x => x.Name));
        Assert.All(outputs, x => Assert.Null(x.Span));
        Assert.Contains("usr/include/**", outputs[0].Files);
        Assert.Empty(outputs[2].Files);
    }

    [Fact]
    public void Written_outputs_keep_their_order_and_come_first() =>
        Assert.Equal(
            ["server", "client", "dev", "doc", "main"],
            Outputs("[outputs]\nserver = [\"usr/bin/a\"]\nclient = [\"usr/bin/*\"]\n").Select(x => x.Name)
        );

    [Fact]
    public void A_written_output_takes_the_place_of_the_default()
    {
        var outputs = Outputs("[outputs]\nmain = [\"**\"]\n");

        Assert.Equal(["main", "dev", "doc"], outputs.Select(x => x.Name));
        Assert.Equal(["**"], outputs[0].Files);
        Assert.Equal(5 + 1, outputs[0].Span!.Line);
    }

    [Fact]
    public void An_empty_list_switches_a_default_off() =>
        Assert.Equal(["main"], Outputs("[outputs]\ndev = []\ndoc = []\ntools = []\n").Select(x => x.Name));

    [Theory]
    [InlineData("", true)]
    [InlineData("[outputs]\ndoc = [\"usr/doc/**\"]\ndev = [\"usr/include/**\"]\n", true)]
    [InlineData("[outputs.tools]\nrequires = [\"perl\"]\n", true)]
    [InlineData("[outputs]\ntools = [\"usr/bin/a\"]\n", false)]
    [InlineData("[outputs]\nserver = [\"usr/bin/a\"]\n", false)]
    [InlineData("[outputs]\nmain = [\"**\"]\n", false)]
    public void Tools_are_split_by_default_where_the_recipe_splits_nothing_but_dev_and_doc(string text, bool isDefault)
    {
        var tools = Outputs(text).SingleOrDefault(x => x is { Name: "tools", Span: null });

        Assert.Equal(isDefault, tools is not null);
        if (tools is not null)
            Assert.Equal("zlib:main", tools.Requires[0].ToString());
    }

    [Fact]
    public void Dev_requires_main() =>
        Assert.Equal(
            ["zlib:main", "perl"],
            Outputs("[outputs.dev]\nrequires = [\"perl\"]\n")
                .Single(x => x.Name == "dev")
                .Requires.Select(x => x.ToString())
        );

    [Fact]
    public void A_table_without_files_adds_to_the_default()
    {
        var main = Outputs("[outputs.main]\nrequires = [\"tzdata\"]\n").Single(x => x.Name == "main");

        Assert.Empty(main.Files);
        Assert.Null(main.Span);
        Assert.Equal("tzdata", Assert.Single(main.Requires).Package);
    }

    [Theory]
    [InlineData(
        "[outputs]\nmain = []\n",
        "6:1: the output 'main' cannot be switched off: it takes what no other output takes"
    )]
    [InlineData("[outputs]\nserver = []\n", "6:1: the output 'server' has no globs")]
    [InlineData("[outputs.server]\nrequires = []\n", "5:1: the output 'server' needs 'files'")]
    [InlineData(
        "[outputs]\nserver = true\n",
        "6:10: 'server' in [outputs] has to be a list of strings or a table, not true"
    )]
    [InlineData(
        "[outputs]\nserver = [\"/x\"]\n",
        "6:11: bad glob '/x': it has to be relative; leave out the '/' at its start"
    )]
    [InlineData(
        "[outputs]\nServer = [\"x\"]\n",
        "6:1: bad output name 'Server': output names have a-z, 0-9 and '-', and begin with a letter or digit"
    )]
    [InlineData("[outputs]\na = [\"x\"]\na = [\"y\"]\n", "7:1: 'a' is already written on line 6")]
    [InlineData("[outputs]\na = [\"x\"]\n[outputs.a]\nfiles = [\"y\"]\n", "7:10: 'a' is already written on line 6")]
    [InlineData(
        "[outputs.a]\nfile = [\"y\"]\n",
        "5:1: the output 'a' needs 'files'",
        "6:1: unknown key 'file' in [outputs.a]; did you mean 'files'?"
    )]
    public void Says_what_is_wrong(string text, params string[] expected) =>
        Assert.Equal(expected, Reading.Faults(Reading.Package + text));

    private static ImmutableArray<OutputSpec> Outputs(string text) =>
        Reading.Good<PackageRecipe>(Reading.Package + text).Outputs;
}
