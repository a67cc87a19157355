namespace Recipes.Engine.Content;

/// <summary>What is wrong with the files of a stored tree.</summary>
internal static class TreeProblems
{
    /// <summary>In what a tree on disk differs from what it is to be; sentences without a full stop.</summary>
    public static IEnumerable<string> Of(Tree expected, Tree actual)
    {
        if (expected.Digest == actual.Digest)
            yield break;
        var found = actual.Walk().ToDictionary(x => x.Path, StringComparer.Ordinal);
        foreach (var entry in expected.Walk())
        {
            if (!found.Remove(entry.Path, out var other))
                yield return $"'{entry.Path}' is missing";
            else if (entry.Kind != other.Kind)
                yield return $"'{entry.Path}' is not a {entry.Kind.ToString().ToLowerInvariant()}";
            else if (entry.Kind == TreeEntryKind.Link && entry.Target != other.Target)
                yield return $"the link '{entry.Path}' leads to '{other.Target}', not to '{entry.Target}'";
            else if (entry.Kind == TreeEntryKind.File && entry.Digest != other.Digest)
                yield return $"the content of '{entry.Path}' has changed";
            else if (entry.IsExecutable != other.IsExecutable)
                yield return $"the mode of '{entry.Path}' has changed";
        }
        foreach (var path in found.Keys.Order(TreeDirectory.NameOrder))
            yield return $"'{path}' does not belong to it";
    }

    /// <summary>Metadata that no stored tree has.</summary>
    public static IEnumerable<string> OfMetadata(string path, Tree actual)
    {
        foreach (var entry in actual.Walk())
        {
            var file = Path.Join(path, entry.Path);
            if (Posix.Stat(file) is { } found && !FileStamp.IsSet(found))
                yield return $"the mode or time of '{entry.Path}' has changed";
            foreach (var name in FileStamp.ForeignAttributes(file))
                yield return $"'{entry.Path}' has the extended attribute '{name}'";
        }
        // Of the tree's own folder nothing but this can hide what others hold.
        foreach (var name in FileStamp.ForeignAttributes(path))
            yield return $"its folder has the extended attribute '{name}'";
    }
}
