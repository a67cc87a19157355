using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Inspection.Checks;

/// <summary>An output to be checked.</summary>
/// <param name="Name">Such as <c>main</c>.</param>
/// <param name="Tree">Its listing.</param>
/// <param name="Directory">Its files.</param>
/// <param name="Scan">What they give and want at run time.</param>
internal sealed record CheckedOutput(string Name, Tree Tree, string Directory, OutputScan Scan);

/// <summary>What the checks after a build look at.</summary>
internal sealed record CheckedPackage
{
    /// <summary>The package's name, by which <see cref="Runtime"/> knows its outputs: <c>package:output</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The outputs that the package came out with.</summary>
    public required ImmutableArray<CheckedOutput> Outputs { get; init; }

    /// <summary>What is there at run time: these outputs, and all in which run-time needs are looked for.</summary>
    public required RuntimeView<string> Runtime { get; init; }

    /// <summary>The outputs that the recipe describes; those that it writes must not be empty.</summary>
    public ImmutableArray<OutputSpec> Declared { get; init; } = [];

    /// <summary>Owners and modes that the recipe declares.</summary>
    public ImmutableArray<PermissionSpec> Permissions { get; init; } = [];

    /// <summary>Checks that some files need not pass.</summary>
    public ImmutableArray<WaiverSpec> Waivers { get; init; } = [];

    /// <summary>Modes that the build saw in its stage before it became a tree, which holds none.</summary>
    public ImmutableArray<StageMode> Modes { get; init; } = [];

    /// <summary>
    /// The target of the link that the build root has at a path, as <c>filesystem</c> has it in every image; else null.
    /// </summary>
    public Func<string, string?> LinkAt { get; init; } = _ => null;

    /// <summary>Paths of the build machine that no file may hold, such as the store's.</summary>
    public ImmutableArray<string> MachinePaths { get; init; } = [];

    /// <summary>True if no file may name the folders of its source and objects either: for <c>pkgs/</c>.</summary>
    public bool IsFreeOfBuildPaths { get; init; } = true;

    /// <summary>True if nothing of the seed may be in the package: for <c>pkgs/</c> and the native toolchain.</summary>
    public bool IsFreeOfSeed { get; init; }

    /// <summary>True if files belong below <c>usr/</c> and <c>etc/</c> only: for <c>pkgs/</c>.</summary>
    public bool IsInUsualPlaces { get; init; }
}

/// <summary>A file or folder of a stage with setuid, setgid, or write permission for everybody.</summary>
/// <param name="Path">Relative to the stage.</param>
/// <param name="Mode">Permission bits with setuid, setgid and sticky.</param>
internal sealed record StageMode(string Path, int Mode)
{
    /// <summary>Reads the list that the last step of a build leaves: lines of octal mode, space, and path.</summary>
    /// <exception cref="FormatException">A line is something else.</exception>
    public static ImmutableArray<StageMode> Parse(string list) =>
        [.. list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ParseLine)];

    private static StageMode ParseLine(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 1 || line[..space].Any(x => x is < '0' or > '7') || space > 5)
            throw new FormatException($"'{line}' is not a mode and path.");
        var path = line[(space + 1)..];
        return new(
            path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path,
            Convert.ToInt32(line[..space], 8)
        );
    }
}
