using Recipes.Engine.Content.Tar;
using Recipes.Engine.Model;
using static Recipes.Engine.Workspaces.Keys.RecipeKeys;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The keys of packages.</summary>
internal static class BuildKeys
{
    public static KeyDescription Build =>
        Table(
            "build",
            "How it is built.",
            Text(
                "base",
                "The seed or package that the build root starts from; packages in pkgs/ may not change it.",
                Forms.RecipeName
            ) with
            {
                Default = "\"toolchain\"",
            },
            Texts(
                "needs",
                "Outputs added to the build root; a bare name is the outputs main and dev, and tools by default.",
                Forms.OutputReference
            ) with
            {
                Distinct = true,
            },
            Text(
                "like",
                "The recipe whose [build] this one takes over, without 'base' and 'stands-for': what is written here "
                    + "counts in place of what is written there.",
                Forms.RecipeName
            ),
            Text(
                "system",
                "The build system, a file in systems/ of the workspace or a collection; or none.",
                Forms.RecipeName
            ) with
            {
                Required = true,
                Unless = "like",
            },
            Texts("prepare", "Further arguments of the build system's prepare step."),
            Texts("configure", "Further arguments of the build system's configure step."),
            Texts("compile", "Further arguments of the build system's compile step."),
            Texts("install", "Further arguments of the build system's install step."),
            new(
                "variables",
                KeyType.ValueTable,
                "Variables of the build system, and the recipe's own: {name} in a step; words of a list are quoted."
            )
            {
                NameForm = Forms.StepVariable,
                Default = "{}",
            },
            new("out-of-tree", KeyType.Boolean, "Builds in /tmp/objects, not in the source.") { Default = "false" },
            new("strip", KeyType.Boolean, "Strips ELF files at the end.") { Default = "true" },
            Text(
                "hard-links",
                "Keeps names of one file as hard links, or makes all but the first symbolic links to it.",
                ValueForm.OneOf("treatment of hard links", "keep", "symlink")
            ) with
            {
                Default = "\"keep\"",
            },
            Text(
                "namespaces",
                "Why it makes namespaces of its own and mounts in them, which no other build may.",
                Forms.NotBlank
            ),
            new("environment", KeyType.TextTable, "Further variables of the environment.")
            {
                NameForm = Forms.Variable,
                Default = "{}",
            },
            Text(
                "stands-for",
                "The package whose outputs take the place of this one's in run-time closures; only in toolchain/.",
                Forms.RecipeName
            ),
            Table(
                "steps",
                "Shell scripts in place of the build system's.",
                Text("prepare", "Runs before the configure step.", Forms.NotBlank),
                Text("configure", "In place of the configure step.", Forms.NotBlank),
                Text("compile", "In place of the compile step.", Forms.NotBlank),
                Text("install", "In place of the install step.", Forms.NotBlank)
            ),
            Table(
                "limits",
                "What the build may use.",
                Text("memory", "Main memory.", Forms.Size),
                Text("time", "Wall time.", Forms.Duration),
                Number("processes", "Processes at once.", minimum: 1)
            )
        );

    public static KeyDescription Outputs =>
        new("outputs", KeyType.NamedTables, "How the result is split.")
        {
            NameForm = Forms.OutputName,
            Keys =
            [
                Texts("files", "The files of the output.", Forms.Glob) with
                {
                    Distinct = true,
                    Default = null,
                },
                Texts("requires", "Outputs needed at run time that no scan can see.", Forms.OutputReference) with
                {
                    Distinct = true,
                },
                new("yields", KeyType.Boolean, "Where another package has the same path, that one's file is taken.")
                {
                    Default = "false",
                },
            ],
        };

    public static KeyDescription Permissions =>
        Tables(
            "permissions",
            "Owners, modes and capabilities that a tree cannot hold, applied when a layer is written.",
            Text("path", "The files.", Forms.Glob) with
            {
                Required = true,
            },
            Text("mode", "Permission bits, with setuid, setgid and sticky.", Forms.Mode),
            Number("uid", "Numeric owner.") with
            {
                Default = "0",
            },
            Number("gid", "Numeric group.") with
            {
                Default = "0",
            },
            Texts(
                "capabilities",
                "What the programs may do without being root: their files' capabilities, such as cap_net_bind_service.",
                ValueForm.OneOf("capability", [.. FileCapabilities.Names])
            ) with
            {
                Distinct = true,
                NotEmpty = true,
            }
        );

    public static KeyDescription Waivers =>
        Tables(
            "waivers",
            "Lets one check pass for some files.",
            Text(
                "check",
                "The check.",
                ValueForm.OneOf(
                    "check",
                    "build-path",
                    "seed-trace",
                    "libtool-archive",
                    "world-writable",
                    "setuid",
                    "empty-output",
                    "interpreter",
                    "soname",
                    "location"
                )
            ) with
            {
                Required = true,
            },
            Text("path", "The files.", Forms.Glob) with
            {
                Required = true,
            },
            Text("reason", "Why they need not pass.", Forms.NotBlank) with
            {
                Required = true,
            }
        );

    public static KeyDescription Test =>
        Table(
            "test",
            "The recipe's own test.",
            Text(
                "script",
                "A shell script that runs offline with only the run-time closure present.",
                Forms.NotBlank
            ) with
            {
                Required = true,
            },
            Texts(
                "needs",
                "More outputs for the test; a bare name is the output main, and tools by default.",
                Forms.OutputReference
            ) with
            {
                Distinct = true,
            }
        );
}
