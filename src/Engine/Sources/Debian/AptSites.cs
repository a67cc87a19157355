using System.Collections.Immutable;
using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Asks the host's own apt once for its archives, in the order in which apt has them.</summary>
/// <remarks>See apt-get(8), <c>indextargets</c>, and apt-transport-mirror(1).</remarks>
internal sealed class AptSites : IDebianSites
{
    private const string MirrorFile = "mirror+file:";

    private readonly Lazy<Task<ImmutableArray<string>>> sites = new(AskAsync);

    public Task<ImmutableArray<string>> GetAsync(CancellationToken cancellationToken) =>
        sites.Value.WaitAsync(cancellationToken);

    /// <summary>The archives named by the output of <c>apt-get indextargets --format $(SITE)</c>.</summary>
    public static ImmutableArray<string> Parse(string output) =>
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .SelectMany(Expand)
                .Where(x =>
                    x.StartsWith("http://", StringComparison.Ordinal)
                    || x.StartsWith("https://", StringComparison.Ordinal)
                )
                .Select(x => x.TrimEnd('/'))
                .Distinct(StringComparer.Ordinal),
        ];

    private static async Task<ImmutableArray<string>> AskAsync()
    {
        try
        {
            var result = await Cli.Wrap("apt-get")
                .WithArguments(["indextargets", "--format", "$(SITE)", "Created-By: Packages"])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync();
            return Parse(result.StandardOutput);
        }
        catch (Win32Exception)
        {
            return [];
        }
    }

    /// <summary>Cloud images name a local file that lists mirrors.</summary>
    private static IEnumerable<string> Expand(string site)
    {
        if (!site.StartsWith(MirrorFile, StringComparison.Ordinal))
            return [site];
        try
        {
            return File.ReadAllLines(site[MirrorFile.Length..])
                .Where(x => !x.StartsWith('#'))
                .Select(x => x.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(""));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
