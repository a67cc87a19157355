using System.Text.RegularExpressions;
using CsCheck;
using Recipes.Engine.Workspaces.Format;
using Recipes.Engine.Workspaces.Keys;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>What is drawn from the description of the keys for editors and people.</summary>
public class RecipeFormatTests
{
    private static readonly ValueForm[] WithPattern =
    [
        Forms.RecipeName,
        Forms.OutputName,
        Forms.OutputReference,
        Forms.Version,
        Forms.Mode,
        Forms.Variable,
        Forms.StepVariable,
        Forms.Account,
        Forms.Kernel,
    ];

    [Fact]
    public void The_schema_has_every_key_with_its_sentence_and_value() =>
        Golden.Matches("recipe.schema.json", RecipeFormat.Schema());

    [Fact]
    public void A_pattern_agrees_with_the_check() =>
        Gen.Select(
                Gen.Int[0, WithPattern.Length - 1].Select(x => WithPattern[x]),
                Gen.Frequency(
                    (3, Gen.String[Gen.Char["abz09AZ+.~_-:78\n é"], 0, 6]),
                    (1, Gen.String[Gen.Char["a7"], 30, 66])
                )
            )
            // .NET's $ also matches before a last line end, ECMA-262's does not.
            .Sample(
                (form, text) =>
                    Regex.IsMatch(text, form.Pattern!.Replace("$", "\\z", StringComparison.Ordinal))
                    == (form.Fault(text) is null)
            );

    [Fact]
    public void Every_form_with_a_pattern_is_compared() =>
        Assert.Equal(
            WithPattern.Select(x => x.Noun).Order(),
            typeof(Forms)
                .GetProperties()
                .Select(x => x.GetValue(null))
                .OfType<ValueForm>()
                .Where(x => x.Pattern is not null)
                .Select(x => x.Noun)
                .Order()
        );

    [Fact]
    public void Tables_are_named_as_recipes_write_them() =>
        Assert.Equal(
            "recipe.toml|source=[source]|source.also=[[source.also]]|source.limits=[source.limits]|build=[build]|build.steps=[build.steps]|build.limits=[build.limits]|outputs=[outputs.NAME]"
                + "|permissions=[[permissions]]|waivers=[[waivers]]|test=[test]|seed=[seed]|image=[image]"
                + "|image.healthcheck=[image.healthcheck]|image.accounts=[[image.accounts]]|image.files=[[image.files]]"
                + "|image.directories=[[image.directories]]|image.limits=[image.limits]|stack=[stack]",
            string.Join('|', RecipeFormat.Tables().Select(x => x.Path.Length == 0 ? x.Header : $"{x.Path}={x.Header}"))
        );

    [Fact]
    public void A_key_tells_its_type_default_and_choices()
    {
        var keys = RecipeFormat.Tables().Single(x => x.Path == "build").Keys.ToDictionary(x => x.Name);

        Assert.Equal(("string", true, null), (keys["system"].Type, keys["system"].IsRequired, keys["system"].Default));
        Assert.Equal("like", keys["system"].Unless);
        Assert.Equal(["keep", "symlink"], keys["hard-links"].Choices);
        Assert.Equal(("bool", "true"), (keys["strip"].Type, keys["strip"].Default));
        Assert.Equal("table", keys["limits"].Type);
    }
}
