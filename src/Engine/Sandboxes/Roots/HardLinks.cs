using System.Runtime.InteropServices;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Roots;

/// <summary>Merged directories without an overlay: every file is a hard link to the tree's own.</summary>
internal static class HardLinks
{
    /// <summary>Adds a tree's directory to another directory; what is there already stays.</summary>
    /// <exception cref="EngineException">The kernel refuses hard links.</exception>
    public static void Merge(string layer, string into)
    {
        foreach (var entry in new DirectoryInfo(layer).EnumerateFileSystemInfos())
        {
            var target = Path.Join(into, entry.Name);
            var there = Posix.Stat(target)?.Kind;
            if (entry.LinkTarget is { } link)
            {
                if (there is null)
                    File.CreateSymbolicLink(target, link);
            }
            else if (entry is DirectoryInfo)
            {
                if (there is null)
                    Directory.CreateDirectory(target);
                if (there is null or FileKind.Folder)
                    Merge(entry.FullName, target);
            }
            else if (there is null && !Posix.TryLink(entry.FullName, target))
            {
                throw new EngineException(
                    $"The root of a sandbox cannot be made: the kernel refuses overlay file systems in user "
                        + $"namespaces, and "
                        + $"hard links too ({Marshal.GetLastPInvokeErrorMessage()}: '{entry.FullName}'); "
                        + $"{new Remedy(RemedyKind.ChooseStore)}, one that you own on a local file system such as "
                        + $"ext4, xfs or btrfs, "
                        + $"or use Linux 5.11 or later"
                );
            }
        }
        Posix.SetTimes(into, FileStamp.Seconds);
    }
}
