using System.Collections.Immutable;

namespace Recipes.Engine.Inspection.Checks;

/// <summary>The names of the checks after a build, as recipes write them in <c>[[waivers]]</c>.</summary>
internal static class CheckNames
{
    /// <summary>No path of the build machine is in any file.</summary>
    public const string BuildPath = "build-path";

    /// <summary>Nothing of the seed is in any file.</summary>
    public const string SeedTrace = "seed-trace";

    /// <summary>There are no libtool archives.</summary>
    public const string LibtoolArchive = "libtool-archive";

    /// <summary>Nothing may be written by everybody that is not declared so.</summary>
    public const string WorldWritable = "world-writable";

    /// <summary>No file is setuid or setgid that is not declared so.</summary>
    public const string Setuid = "setuid";

    /// <summary>Every output that a recipe describes has files.</summary>
    public const string EmptyOutput = "empty-output";

    /// <summary>Every interpreter is there at run time.</summary>
    public const string Interpreter = "interpreter";

    /// <summary>Every needed library is there at run time.</summary>
    public const string Soname = "soname";

    /// <summary>Files are below <c>usr/</c> and <c>etc/</c>.</summary>
    public const string Location = "location";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } =
    [BuildPath, SeedTrace, LibtoolArchive, WorldWritable, Setuid, EmptyOutput, Interpreter, Soname, Location];
}
