using System.Reflection;

namespace Recipes.Cli.Output;

/// <summary>Which program this is.</summary>
/// <param name="Number">Such as <c>0.1.0</c>.</param>
/// <param name="Commit">Where it was published from a checkout: that commit, in full.</param>
/// <param name="IsModified">True if the files of the checkout were not those of the commit.</param>
internal sealed record ProgramVersion(string Number, string? Commit, bool IsModified)
{
    private const string Modified = ".modified";
    private const int ShownDigits = 12;

    /// <summary>The running program's own.</summary>
    public static ProgramVersion OfThisProgram() =>
        Parse(
            typeof(ProgramVersion)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion
        );

    /// <summary>Reads what publishing wrote into the assembly: <c>0.1.0</c>, <c>0.1.0+COMMIT[.modified]</c>.</summary>
    public static ProgramVersion Parse(string written) =>
        written.Split('+', 2) is [var number, var revision]
            ? new(
                number,
                revision.Replace(Modified, "", StringComparison.Ordinal),
                revision.EndsWith(Modified, StringComparison.Ordinal)
            )
            : new(written, null, false);

    /// <summary>As <c>--version</c> says it.</summary>
    public override string ToString() =>
        Commit is null
            ? Number
            : $"{Number} ({Commit[..Math.Min(ShownDigits, Commit.Length)]}{(IsModified ? ", modified" : "")})";
}
