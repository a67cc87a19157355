using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>The key under which a composed image is kept: the digest of everything that takes part in it.</summary>
internal static class ImageKey
{
    /// <summary>Changes when the same inputs would give another image.</summary>
    private const string Version = "image 1";

    public static Digest Of(ImageRecipe recipe, RuntimeClosure closure) =>
        Digest.Of(
            OciJson.Write(json =>
            {
                var image = recipe.Image;
                json.WriteString("version", Version);
                // The configuration and the manifest without layers say all that goes into them.
                var configuration = ImageConfiguration.Configuration(recipe, []);
                json.WriteBase64String("configuration", configuration);
                json.WriteBase64String("manifest", ImageConfiguration.Manifest(recipe, Digest.Of(configuration), []));
                json.Strings("exclude", image.Exclude);
                json.Strings("forbid", image.Forbid);
                json.WriteString("size", image.SizeLimit?.ToString(System.Globalization.CultureInfo.InvariantCulture));
                json.Strings("accounts", image.Accounts.Select(x => x.ToString()));
                json.Strings("directories", image.Directories.Select(x => $"{x.Mode} {x.Uid} {x.Gid} {x.Path}"));
                json.Strings(
                    "files",
                    image.Files.Select(x => $"{x.Mode} {x.Uid} {x.Gid} {Content(recipe, x)} {x.Path}")
                );
                json.WriteStartArray("outputs");
                foreach (var output in closure.Outputs)
                {
                    json.WriteStartObject();
                    json.WriteString("name", output.Name);
                    json.WriteString("version", output.Recipe.Version);
                    json.WriteString("tree", output.Output.Tree.ToString());
                    json.Strings("needs", output.Needs.Keys);
                    json.Strings(
                        "permissions",
                        output.Recipe.Permissions.Select(x =>
                            $"{x.Mode} {x.Uid} {x.Gid} {x.Path}"
                            + (x.Capabilities == default ? "" : $"\n{x.Capabilities}")
                        )
                    );
                    // Most outputs have neither, and the images of today keep their keys.
                    if (output.Output.Yields)
                        json.WriteBoolean("yields", true);
                    if (!output.Output.HardLinks.IsEmpty)
                        json.Strings("hard-links", output.Output.HardLinks.Select(x => string.Join('\n', x)));
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            })
        );

    private static string Content(Recipe recipe, ImageFileSpec file)
    {
        if (file.Source is null)
            return Digest.OfText(file.Content ?? "").ToString();
        var path = Path.Join(recipe.Folder, file.Source);
        // An absent file is a fault, which planning finds.
        return File.Exists(path) ? Digest.OfFile(path).ToString() : "absent";
    }
}
