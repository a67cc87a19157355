namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The keys of <c>recipes.toml</c>.</summary>
internal static class WorkspaceKeys
{
    /// <summary>The newest format that is known.</summary>
    public const int FormatVersion = 1;

    /// <summary>The document itself.</summary>
    public static KeyDescription Root { get; } =
        new("", KeyType.Table, "A workspace.")
        {
            Keys =
            [
                RecipeKeys.Text("name", "What workspaces that use it as a collection call it.", Forms.RecipeName) with
                {
                    Required = true,
                },
                RecipeKeys.Number("format", "The version of this format.", minimum: 1) with
                {
                    Required = true,
                },
                new(
                    "collections",
                    KeyType.TextTable,
                    "Workspaces whose recipes this one uses: name and folder, normally a submodule."
                )
                {
                    NameForm = Forms.RecipeName,
                    Form = PathForms.Relative,
                },
            ],
        };
}
