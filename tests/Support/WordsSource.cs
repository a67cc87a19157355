namespace Recipes.Tests.Support;

/// <summary>The recipe <c>words</c>, whose archive lies beside it: locked and fetched without any network.</summary>
internal static class WordsSource
{
    /// <summary>Writes the recipe at version 1, and its archive.</summary>
    public static void Write(WorkspaceFolder folder)
    {
        WriteArchive(folder, "one\n");
        folder.WriteRecipe(
            "pkgs/words",
            """
            version = "1"
            summary = "Some words"
            license = "CC0-1.0"
            [source]
            archive = "file:words-{version}.tar.gz"
            """
        );
    }

    /// <summary>Writes the archive of a version, with one file of this text.</summary>
    public static void WriteArchive(WorkspaceFolder folder, string text, string version = "1") =>
        folder.WriteBytes(
            $"pkgs/words/words-{version}.tar.gz",
            new TarBuilder().File($"words-{version}/words.txt", text).ToGzip()
        );
}
