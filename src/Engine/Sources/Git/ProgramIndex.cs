using System.Collections.Immutable;
using System.Text;
using CliWrap;

namespace Recipes.Engine.Sources.Git;

/// <summary>The index as git reads and writes it, in whatever form it keeps it.</summary>
/// <remarks>See git-ls-files(1), <c>--stage</c>, and git-update-index(1), <c>--index-info</c>.</remarks>
internal sealed class ProgramIndex(GitProgram git) : IStagedFiles
{
    private readonly Lazy<ImmutableArray<IndexItem>> items = new(() => Read(git));

    public IEnumerable<IndexItem> All => items.Value;

    public IndexItem? Find(string path) => items.Value.FirstOrDefault(x => x.Stage == 0 && x.Path == path);

    public bool IsConflicted(string path) => items.Value.Any(x => x.Stage != 0 && x.Path == path);

    public void Write(IReadOnlyCollection<string> remove, IReadOnlyCollection<IndexItem> set)
    {
        var none = new string('0', 40);
        var lines = new StringBuilder();
        // What is set is removed first: that takes its conflicts away too.
        foreach (var path in remove.Concat(set.Select(x => x.Path)))
            lines.Append($"0 {none}\t{path}\0");
        foreach (var item in set)
            lines.Append($"{Convert.ToString(item.Mode, 8)} {item.Id}\t{item.Path}\0");
        var result = git.RunAsync(
                ["update-index", "-z", "--index-info"],
                PipeSource.FromString(lines.ToString()),
                CancellationToken.None
            )
            .GetAwaiter()
            .GetResult();
        if (!result.IsSuccess)
            throw new EngineException($"git cannot write the index: {result.StandardError.Trim()}");
    }

    private static ImmutableArray<IndexItem> Read(GitProgram git) =>
        [
            .. git.RequireAsync(["ls-files", "--stage", "-z"], CancellationToken.None)
                .GetAwaiter()
                .GetResult()
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(Item),
        ];

    /// <summary><c>MODE ID STAGE TAB PATH</c>.</summary>
    private static IndexItem Item(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var words = line[..tab].Split(' ');
        return new(line[(tab + 1)..], Convert.ToInt32(words[0], 8), words[1], words[2][0] - '0');
    }
}
