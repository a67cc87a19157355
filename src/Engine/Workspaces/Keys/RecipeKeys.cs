using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The keys of <c>recipe.toml</c>.</summary>
internal static class RecipeKeys
{
    /// <summary>The document itself.</summary>
    public static KeyDescription Root { get; } =
        new("", KeyType.Table, "A recipe.")
        {
            Keys =
            [
                Text("name", "Equals the folder's name.", Forms.RecipeName) with
                {
                    Required = true,
                },
                Text("version", "Upstream's version; fills '{version}' in.", Forms.Version),
                Text(
                    "version-from",
                    "The package whose version this recipe takes; for images, and for packages without a source of "
                        + "their own.",
                    Forms.RecipeName
                ),
                Text(
                    "replaces",
                    "The collection whose recipe of this name this one takes the place of.",
                    Forms.RecipeName
                ),
                Text("summary", "What it is, in one line.", Forms.Line),
                Text("license", "The license of the source, as an SPDX expression.", Forms.License),
                Text("homepage", "Where upstream presents it.", PathForms.WebPage),
                Source,
                BuildKeys.Build,
                BuildKeys.Outputs,
                BuildKeys.Permissions,
                BuildKeys.Waivers,
                BuildKeys.Test,
                Seed,
                ImageKeys.Image,
                StackKeys.Stack,
            ],
        };

    private static KeyDescription Source =>
        new("source", KeyType.Table, "Where the code comes from.")
        {
            Keys =
            [
                Text(
                    "archive",
                    "Where the release archive is: an https: URL, 'debian:pool/…', or 'file:' with a path in the "
                        + "recipe's folder.",
                    PathForms.Archive
                ) with
                {
                    Template = true,
                },
                Texts("mirrors", "Other places of the same bytes.", PathForms.Mirror) with
                {
                    Template = true,
                    Distinct = true,
                },
                Text("inner", "An archive inside the archive, which is then the source.", Forms.Glob) with
                {
                    Template = true,
                },
                Tables(
                    "also",
                    "Further archives that are parts of the same source.",
                    Text("archive", "Where it is, as with [source].", PathForms.Archive) with
                    {
                        Template = true,
                        Required = true,
                    },
                    Texts("mirrors", "Other places of the same bytes.", PathForms.Mirror) with
                    {
                        Template = true,
                        Distinct = true,
                    },
                    Text("into", "The folder of the source that it is laid into.", PathForms.Relative) with
                    {
                        Required = true,
                    }
                ),
                Text("git", "Upstream's git repository.", PathForms.Git) with
                {
                    Template = true,
                },
                Text("tag", "The tag of the release.", Forms.NotBlank) with
                {
                    Template = true,
                },
                Text(
                    "path",
                    "A folder of the workspace: the source is what the workspace's own git repository has there at HEAD.",
                    PathForms.Folder
                ),
                Text(
                    "artifact",
                    "A folder of the workspace that was made outside and is taken as it is; the lock pins it.",
                    PathForms.Relative
                ),
                Texts("only", "Keeps only these paths of the tree.", Forms.Glob) with
                {
                    Distinct = true,
                },
                Texts("except", "Leaves these paths out of the tree.", Forms.Glob) with
                {
                    Distinct = true,
                },
                Table(
                    "limits",
                    "How much the source may be before it is taken for a bomb.",
                    Text("size", "The unpacked archive.", Forms.Size),
                    Number("entries", "Files, folders and links in it.", minimum: 1)
                ),
                Texts(
                    "patches",
                    "Files of the recipe's folder, applied in order as 'git apply' does.",
                    PathForms.Relative
                ) with
                {
                    Distinct = true,
                },
                Number("strip", "Leading folders of the names in patches that are dropped.", maximum: 9) with
                {
                    Default = "1",
                },
                Text(
                    "from",
                    "The recipe whose pinned source this one builds from, in place of one of its own.",
                    Forms.RecipeName
                ),
                new(
                    "include",
                    KeyType.TextTable,
                    "Directories of the source, and the recipes whose sources are laid there."
                )
                {
                    NameForm = PathForms.Relative,
                    Form = Forms.RecipeName,
                },
            ],
        };

    private static KeyDescription Seed =>
        new("seed", KeyType.Table, "A root filesystem of Debian packages, from which the toolchain starts.")
        {
            Keys =
            [
                Text("suite", "The Debian suite.", Forms.Suite) with
                {
                    Required = true,
                },
                Texts(
                    "packages",
                    "The packages wanted; what they depend on is found when locking.",
                    Forms.DebianName
                ) with
                {
                    Required = true,
                    NotEmpty = true,
                    Distinct = true,
                },
                Texts("exclude", "Packages never taken, though something depends on them.", Forms.DebianName) with
                {
                    Distinct = true,
                },
                new("links", KeyType.TextTable, "Links that maintainer scripts would have made: path and target.")
                {
                    NameForm = PathForms.Relative,
                    Form = Forms.NotBlank,
                },
            ],
        };

    internal static KeyDescription Text(string name, string meaning, ValueForm? form = null) =>
        new(name, KeyType.Text, meaning) { Form = form };

    internal static KeyDescription Texts(string name, string meaning, ValueForm? form = null) =>
        new(name, KeyType.TextList, meaning) { Form = form, Default = "[]" };

    internal static KeyDescription Table(string name, string meaning, params ImmutableArray<KeyDescription> keys) =>
        new(name, KeyType.Table, meaning) { Keys = keys };

    internal static KeyDescription Tables(string name, string meaning, params ImmutableArray<KeyDescription> keys) =>
        new(name, KeyType.TableList, meaning) { Keys = keys };

    internal static KeyDescription Number(string name, string meaning, long minimum = 0, long maximum = int.MaxValue) =>
        new(name, KeyType.Integer, meaning) { Minimum = minimum, Maximum = maximum };
}
