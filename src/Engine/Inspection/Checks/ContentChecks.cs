using System.Collections.Concurrent;
using Recipes.Engine.Content;

namespace Recipes.Engine.Inspection.Checks;

/// <summary>The checks that read every byte of every file: <c>build-path</c> and <c>seed-trace</c>.</summary>
internal static class ContentChecks
{
    private const string GnuLoader = "ld-linux";
    private const string GnuVersion = "GLIBC_";

    // How the seed's compiler signs what it makes: 'GCC: (Debian 12.2.0-14) 12.2.0'.
    private static readonly ByteNeedle SeedSignature = new("(Debian ", isFolder: false);

    // What was installed into does not exist at run time, so a file that names it is broken.
    private static readonly ByteNeedle StageFolder = new("/stage", isFolder: true);

    private static readonly ByteNeedle[] SourceFolders =
    [
        new("/build", isFolder: true),
        new("/tmp/objects", isFolder: false),
    ];

    public static IEnumerable<CheckFinding> Of(CheckedPackage package, CancellationToken cancellationToken)
    {
        ByteNeedle[] paths =
        [
            StageFolder,
            .. package.IsFreeOfBuildPaths ? SourceFolders : [],
            .. package.MachinePaths.Select(x => new ByteNeedle(x, isFolder: false)),
        ];
        var findings = new ConcurrentBag<CheckFinding>();
        foreach (var output in package.Outputs)
        {
            foreach (var link in output.Tree.Walk().Where(x => x.Kind == TreeEntryKind.Link))
                CheckPaths(link.Path, System.Text.Encoding.UTF8.GetBytes(link.Target!), paths, "links to", findings);
            Parallel.ForEach(
                output.Tree.Walk().Where(x => x.Kind == TreeEntryKind.File && x.Digest.Size > 0),
                new ParallelOptions { CancellationToken = cancellationToken },
                file =>
                {
                    using var mapped = MappedFile.Open(Path.Join(output.Directory, file.Path));
                    CheckPaths(file.Path, mapped.Bytes, paths, "holds", findings);
                    if (package.IsFreeOfSeed)
                        CheckSeed(file.Path, mapped.Bytes, findings);
                }
            );
        }
        return findings;
    }

    private static void CheckPaths(
        string path,
        ReadOnlySpan<byte> bytes,
        ByteNeedle[] needles,
        string verb,
        ConcurrentBag<CheckFinding> findings
    )
    {
        foreach (var needle in needles)
        {
            if (needle.Find(bytes) is (> 0 and var count, var excerpt))
                findings.Add(
                    new(CheckNames.BuildPath, path, $"{verb} the build machine's path '{excerpt}'{Times(count)}")
                );
        }
    }

    private static void CheckSeed(string path, ReadOnlySpan<byte> bytes, ConcurrentBag<CheckFinding> findings)
    {
        var isElf = ElfFile.IsElf(bytes);
        // A text may speak of Debian; only what a compiler has made can carry its signature.
        if (!isElf && !bytes.StartsWith(ArchiveMagic))
            return;
        if (SeedSignature.Find(bytes) is (> 0 and var count, var excerpt))
            findings.Add(
                new(CheckNames.SeedTrace, path, $"holds '{excerpt}'{Times(count)}, which the seed's compiler writes")
            );
        if (!isElf)
            return;
        try
        {
            var elf = ElfFile.Parse(bytes);
            if (elf.Interpreter is { } loader && loader.Contains(GnuLoader, StringComparison.Ordinal))
                findings.Add(new(CheckNames.SeedTrace, path, $"asks for {loader}, the loader of the GNU C library"));
            else if (elf.HasGnuAbiTag)
                findings.Add(new(CheckNames.SeedTrace, path, "was linked with the start files of the GNU C library"));
            var symbol = elf.Undefined.FirstOrDefault(x =>
                x.Version?.StartsWith(GnuVersion, StringComparison.Ordinal) == true
            );
            if (symbol is not null)
                findings.Add(new(CheckNames.SeedTrace, path, $"asks for {symbol} of the GNU C library"));
        }
        catch (FormatException)
        {
            // No loader reads it.
        }
    }

    /// <remarks>See ar(5).</remarks>
    private static ReadOnlySpan<byte> ArchiveMagic => "!<arch>\n"u8;

    private static string Times(int count) => count == 1 ? "" : $" ({count} times)";
}
