using System.CommandLine;
using System.CommandLine.Parsing;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Cli.Commands;

/// <summary>The option <c>--unsigned</c> of the commands that read package lists of Debian's suites.</summary>
internal static class UnsignedOption
{
    public static Option<bool> Create() =>
        new("--unsigned")
        {
            Description = "Read the package lists of Debian's suites without a check of their signature.",
        };

    /// <summary>The options of the engine that it comes to.</summary>
    public static SourceOptions Read(ParseResult parsed, Option<bool> unsigned) =>
        new() { AcceptsUnsigned = parsed.GetValue(unsigned) };
}
