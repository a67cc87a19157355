using Recipes.Engine.Model;
using static Recipes.Engine.Workspaces.Keys.RecipeKeys;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The keys of images.</summary>
internal static class ImageKeys
{
    public static KeyDescription Image =>
        Table(
            "image",
            "Selected outputs and the configuration of a container.",
            Texts(
                "include",
                "The outputs in it; a bare name is the output main, and tools by default.",
                Forms.OutputReference
            ) with
            {
                Required = true,
                NotEmpty = true,
                Distinct = true,
            },
            Texts("prebuilt", "The packages in it that may be made outside.", Forms.RecipeName) with
            {
                Distinct = true,
            },
            Texts("exclude", "Paths left out.", Forms.Glob) with
            {
                Distinct = true,
            },
            Texts("entrypoint", "What a container runs."),
            Texts("cmd", "The default arguments."),
            new("environment", KeyType.TextTable, "The container's variables.")
            {
                NameForm = Forms.Variable,
                Default = "{}",
            },
            new("labels", KeyType.TextTable, "The image's labels.") { NameForm = Forms.NotBlank, Default = "{}" },
            Text("working-directory", "Where a container starts.", PathForms.Directory) with
            {
                Default = "\"/\"",
            },
            Text(
                "user",
                "An account of the image, or 'uid' or 'uid:gid'; root where it is not written.",
                Forms.NotBlank
            ),
            Text("stop-signal", "The signal that ends a container.", Forms.Signal),
            Texts("ports", "Ports that a container listens on.", Forms.Port) with
            {
                Distinct = true,
            },
            Texts("volumes", "Directories that outlive a container.", PathForms.Absolute) with
            {
                Distinct = true,
            },
            Healthcheck,
            Accounts,
            Files,
            Directories,
            Table(
                "limits",
                "What is asserted when the image is composed.",
                Text("size", "The most that all files may weigh.", Forms.Size),
                Texts("forbid", "Paths that must not be in the image.", Forms.Glob) with
                {
                    Distinct = true,
                }
            )
        );

    private static KeyDescription Healthcheck =>
        Table(
            "healthcheck",
            "How a runtime asks whether the container is well.",
            Texts("command", "The command and its arguments.") with
            {
                Required = true,
                NotEmpty = true,
            },
            Text("interval", "Time between two checks.", Forms.Duration),
            Text("timeout", "The longest that a check may take.", Forms.Duration),
            Text("start-period", "Time in which failures do not count.", Forms.Duration),
            Number("retries", "Failures in a row that make the container unhealthy.", minimum: 1)
        );

    private static KeyDescription Accounts =>
        Tables(
            "accounts",
            "Lines of /etc/passwd and /etc/group beside root's.",
            Text("name", "The account's name.", Forms.Account) with
            {
                Required = true,
            },
            Number("uid", "Numeric user.", minimum: 1) with
            {
                Required = true,
            },
            Number("gid", "Numeric group; the same number as uid where it is not written."),
            Text("home", "The home directory.", PathForms.Directory) with
            {
                Default = "\"/\"",
            },
            Text("shell", "The login shell.", PathForms.Absolute) with
            {
                Default = "\"/bin/sh\"",
            },
            Text("comment", "The comment field.", Forms.Comment) with
            {
                Default = "\"\"",
            }
        );

    private static KeyDescription Files =>
        Tables(
            "files",
            "Files of the image's own.",
            Text("path", "Where it is in the image.", PathForms.Absolute) with
            {
                Required = true,
            },
            Text("source", "A file of the recipe's folder.", PathForms.Relative),
            Text("content", "The text itself, in place of 'source'."),
            Text("mode", "Permission bits.", Forms.Mode) with
            {
                Default = "\"0644\"",
            },
            Number("uid", "Numeric owner.") with
            {
                Default = "0",
            },
            Number("gid", "Numeric group.") with
            {
                Default = "0",
            }
        );

    private static KeyDescription Directories =>
        Tables(
            "directories",
            "Directories of the image's own.",
            Text("path", "Where it is in the image.", PathForms.Absolute) with
            {
                Required = true,
            },
            Text("mode", "Permission bits.", Forms.Mode) with
            {
                Default = "\"0755\"",
            },
            Number("uid", "Numeric owner.") with
            {
                Default = "0",
            },
            Number("gid", "Numeric group.") with
            {
                Default = "0",
            }
        );
}
