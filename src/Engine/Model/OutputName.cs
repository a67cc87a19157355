using System.Collections.Immutable;

namespace Recipes.Engine.Model;

/// <summary><c>package:output</c>.</summary>
/// <param name="Package">The package's name.</param>
/// <param name="Output">Such as <c>main</c>.</param>
internal readonly record struct OutputName(string Package, string Output)
{
    /// <summary>The output that a bare package name means, and that takes what no other output takes.</summary>
    public const string Main = "main";

    /// <summary>The programs that a package has beside its libraries.</summary>
    public const string Tools = "tools";

    /// <summary>The outputs that nothing needs at run time: headers and static libraries, and documentation.</summary>
    public static ImmutableArray<string> NotForRuntime { get; } = ["dev", "doc"];

    /// <summary>Reads <c>package:output</c>; a bare name is <c>main</c>.</summary>
    public static OutputName Parse(string text) => OutputReference.Parse(text).Name;

    /// <inheritdoc/>
    public override string ToString() => $"{Package}:{Output}";
}
