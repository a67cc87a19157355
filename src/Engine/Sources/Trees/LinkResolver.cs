namespace Recipes.Engine.Sources.Trees;

/// <summary>
/// Follows symbolic links inside a tree that is being imported, through further links, as a kernel would.
/// </summary>
internal sealed class LinkResolver
{
    /// <summary>The kernel gives up after this many links, so a longer chain leads nowhere.</summary>
    private const int MaximumLinks = 40;

    /// <summary>Segments, over all links of a tree: those of the largest sources take some thousand.</summary>
    private const int MaxSteps = 20_000_000;

    private int steps;

    /// <summary>True if the target, read from a folder of the tree, climbs above the root.</summary>
    /// <param name="parents">From the root to the folder that holds the link.</param>
    /// <param name="target">Relative.</param>
    /// <exception cref="ImportException">
    /// Links lead through links so often that following them would take hours.
    /// </exception>
    public bool LeadsOutside(IEnumerable<ImportFolder> parents, string target)
    {
        var position = new Stack<ImportFolder>(parents);
        var ahead = new Stack<string>(target.Split('/').Reverse());
        var links = 0;
        while (ahead.TryPop(out var segment))
        {
            if (++steps > MaxSteps)
                throw new ImportException($"following its links takes more than {MaxSteps} steps");
            if (segment is "" or ".")
                continue;
            if (segment == "..")
            {
                position.Pop();
                if (position.Count == 0)
                    return true;
                continue;
            }
            switch (position.Peek().Children.GetValueOrDefault(segment))
            {
                case ImportLink link:
                    if (++links > MaximumLinks)
                        return false;
                    foreach (var part in link.Target.Split('/').Reverse())
                        ahead.Push(part);
                    break;
                case ImportFolder folder:
                    position.Push(folder);
                    break;
                default:
                    // What is not there now may be made by the build: then it is a folder.
                    position.Push(new ImportFolder());
                    break;
            }
        }
        return false;
    }
}
