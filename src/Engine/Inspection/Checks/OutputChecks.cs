using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Inspection.Checks;

/// <summary>The checks after a build (<c>docs/checks.md</c>).</summary>
internal static class OutputChecks
{
    private const int SetuidBits = 0x800 | 0x400;
    private const int EverybodyWrites = 0x2;

    /// <summary>Makes all checks.</summary>
    /// <param name="package">What to check.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>All findings, waived ones too, by check and path. The package is good if each has a waiver.</returns>
    /// <exception cref="IOException">A file of an output cannot be read.</exception>
    public static ImmutableArray<CheckFinding> Run(
        CheckedPackage package,
        CancellationToken cancellationToken = default
    )
    {
        var waivers = package.Waivers.Select(x => (x.Check, Glob: Glob.Parse(x.Path), x.Reason)).ToList();
        return
        [
            .. ContentChecks
                .Of(package, cancellationToken)
                .Concat(CheckPaths(package))
                .Concat(CheckLinkedFolders(package))
                .Concat(CheckModes(package))
                .Concat(CheckEmptyOutputs(package))
                .Concat(CheckRuntime(package))
                .Distinct()
                .OrderBy(x => CheckNames.All.IndexOf(x.Check))
                .ThenBy(x => x.Path, StringComparer.Ordinal)
                .ThenBy(x => x.Explanation, StringComparer.Ordinal)
                .Select(x =>
                    x with
                    {
                        Waiver = waivers.FirstOrDefault(w => w.Check == x.Check && w.Glob.Matches(x.Path)).Reason,
                    }
                ),
        ];
    }

    private static IEnumerable<CheckFinding> CheckPaths(CheckedPackage package)
    {
        foreach (var entry in package.Outputs.SelectMany(x => x.Tree.Walk()).Where(x => x.Kind != TreeEntryKind.Folder))
        {
            if (entry.Path.EndsWith(".la", StringComparison.Ordinal) && entry.Kind == TreeEntryKind.File)
                yield return new(
                    CheckNames.LibtoolArchive,
                    entry.Path,
                    "is a libtool archive, which nothing needs; remove it in the install step"
                );
            var isUsual =
                entry.Path.StartsWith("usr/", StringComparison.Ordinal)
                || entry.Path.StartsWith("etc/", StringComparison.Ordinal);
            if (package.IsInUsualPlaces && !isUsual)
                yield return new(
                    CheckNames.Location,
                    entry.Path,
                    "is neither below usr/ nor below etc/; give the build a prefix of /usr"
                );
        }
    }

    /// <summary>No image takes a folder where it has a link.</summary>
    private static IEnumerable<CheckFinding> CheckLinkedFolders(CheckedPackage package)
    {
        var links = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var path in package.Outputs.SelectMany(x => x.Tree.Walk()).Select(x => x.Path))
        {
            for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            {
                var folder = path[..end];
                if (!links.TryGetValue(folder, out var target))
                    links[folder] = target = package.LinkAt(folder);
                if (target is not null)
                    yield return new(
                        CheckNames.Location,
                        path,
                        $"is below {folder}/, which is a link to {target} in every root; let the build install it there"
                    );
            }
        }
    }

    private static IEnumerable<CheckFinding> CheckModes(CheckedPackage package)
    {
        var declared = package.Permissions.Select(x => (Glob: Glob.Parse(x.Path), Mode: x.Mode ?? 0)).ToList();
        foreach (var (path, mode) in package.Modes)
        {
            var allowed = declared.Where(x => x.Glob.Matches(path)).Aggregate(0, (bits, x) => bits | x.Mode);
            var text = Convert.ToString(mode, 8).PadLeft(4, '0');
            if ((mode & SetuidBits & ~allowed) != 0)
                yield return new(
                    CheckNames.Setuid,
                    path,
                    $"is installed with mode {text}; declare it in [[permissions]], or it loses that bit"
                );
            if ((mode & EverybodyWrites & ~allowed) != 0)
                yield return new(
                    CheckNames.WorldWritable,
                    path,
                    $"is installed with mode {text}, writable by everybody; declare it in [[permissions]], or let "
                        + $"the install step set another mode"
                );
        }
    }

    private static IEnumerable<CheckFinding> CheckEmptyOutputs(CheckedPackage package)
    {
        if (package.Outputs.IsEmpty)
            return
            [
                new(
                    CheckNames.EmptyOutput,
                    OutputName.Main,
                    "the package installs nothing; its install step has to put files below $DESTDIR, which is /stage"
                ),
            ];
        return package
            .Declared.Where(x => x.Span is not null)
            .Where(x =>
                package.Outputs.FirstOrDefault(o => o.Name == x.Name) is not { } output
                || !output.Tree.Walk().Any(e => e.Kind != TreeEntryKind.Folder)
            )
            .Select(x => new CheckFinding(
                CheckNames.EmptyOutput,
                x.Name,
                $"no installed file matches the globs of this output ({x.Span})"
            ));
    }

    private static IEnumerable<CheckFinding> CheckRuntime(CheckedPackage package)
    {
        var view = package.Runtime;
        var walk = new LoadWalk<string>(
            (by, need) => view.Locate(need, by) is { } found ? new(found, view.ScanOf(found)) : null
        );
        foreach (
            var (owner, file) in package.Outputs.SelectMany(x =>
                x.Scan.Files.Select(file => (OwnerOf(package, x), file))
            )
        )
        {
            if (file.NeedsInterpreter && file.Interpreter is { } interpreter && view.Locate(interpreter) is null)
                yield return new(
                    CheckNames.Interpreter,
                    file.Path,
                    GnuProgram.MissingInterpreter(
                        interpreter,
                        "asks for",
                        "no output in the build's graph has; add the package to needs"
                    )
                );
            walk.Load(LoadedFile<string>.Start(owner, file));
        }
        // What others lack was found, or waived, when they were built.
        var own = package.Outputs.Select(x => OwnerOf(package, x)).ToHashSet(StringComparer.Ordinal);
        foreach (var (by, need) in walk.Missing.Where(x => own.Contains(x.By.Owner)))
        {
            var explanation = MissingLibrary.Describe(
                by,
                need,
                view.Folders(by),
                view.Elsewhere(need),
                "no output in the build's graph provides; add the package to needs"
            );
            yield return new(CheckNames.Soname, by.File.Path, explanation);
        }
    }

    private static string OwnerOf(CheckedPackage package, CheckedOutput output) => $"{package.Name}:{output.Name}";
}
