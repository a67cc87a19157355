using static Recipes.Engine.Workspaces.Keys.RecipeKeys;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The keys of <c>systems/NAME.toml</c>.</summary>
internal static class SystemKeys
{
    /// <summary>The document itself.</summary>
    public static KeyDescription Root { get; } =
        Table(
            "",
            "A build system.",
            Text("summary", "What it is for, in one line.", Forms.Line) with
            {
                Required = true,
            },
            Text(
                "replaces",
                "The collection whose build system of this name this one takes the place of.",
                Forms.RecipeName
            ),
            Texts(
                "needs",
                "Outputs added to the build root of each recipe that uses it, as the recipe's own 'needs'.",
                Forms.OutputReference
            ) with
            {
                Distinct = true,
            },
            new("out-of-tree", KeyType.Boolean, "Whether recipes may say 'out-of-tree'.") { Default = "true" },
            new("environment", KeyType.TextTable, "Further variables of the environment; a recipe's win.")
            {
                NameForm = Forms.Variable,
                Default = "{}",
            },
            new("variables", KeyType.NamedTables, "What a recipe may set in [build.variables].")
            {
                NameForm = Forms.StepVariable,
                Keys =
                [
                    new("default", KeyType.Value, "The value where a recipe sets none; a recipe's is of the same type.")
                    {
                        Required = true,
                    },
                    Text("meaning", "What it is for, in one line.", Forms.Line) with
                    {
                        Required = true,
                    },
                    Texts("choices", "The words that it may be.") with
                    {
                        Distinct = true,
                    },
                ],
            },
            Table(
                "steps",
                "The shell scripts, with variables in braces: {name}.",
                Text("prepare", "Runs before the configure step.", Forms.NotBlank),
                Text("configure", "Finds out about the root and chooses what is built.", Forms.NotBlank),
                Text("compile", "Makes what is to be installed.", Forms.NotBlank),
                Text("install", "Installs into /stage.", Forms.NotBlank)
            )
        );
}
