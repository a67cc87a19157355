using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Contracts;

/// <summary>
/// The file of a contract, <c>contract.txt</c> beside the recipe of its stack: one promise a line, sorted, so that the
/// difference between two commits is the review. The format is described in <c>docs/contract.md</c>.
/// </summary>
/// <param name="Major">Counts the breaks.</param>
/// <param name="Breaks">The reason of each, by its number.</param>
/// <param name="Contract">What is promised.</param>
internal sealed record ContractDocument(int Major, ImmutableArray<ContractBreak> Breaks, Contract Contract)
{
    /// <summary>In the folder of the stack's recipe.</summary>
    public const string FileName = "contract.txt";

    private const string MajorWord = "major";
    private const string BreakWord = "break";

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Its content.</param>
    /// <param name="file">Its path relative to the workspace, for the places of faults.</param>
    /// <returns>The contract, or null and what is wrong.</returns>
    public static (ContractDocument? Contract, ImmutableArray<Diagnostic> Faults) Parse(byte[] bytes, string file)
    {
        SourceText text;
        try
        {
            text = SourceText.FromUtf8(file, bytes);
        }
        catch (DecoderFallbackException)
        {
            return (null, [new("the file is not UTF-8 text", SourceSpan.OfFile(file))]);
        }
        var faults = new FaultList(text);
        var items = new Dictionary<(ContractKind, string), ContractItem>();
        var breaks = new SortedDictionary<int, ContractBreak>();
        var majors = new List<int>();
        var start = 0;
        foreach (var line in text.Text.Split('\n'))
        {
            if (line.Length > 0 && !line.StartsWith('#'))
                Add(line, new(start, start + line.Length));
            start += line.Length + 1;
        }
        if (majors.Count == 0 && faults.Faults.Count == 0)
            faults.Add(TextRange.FirstCharacter, $"there is no line '{MajorWord} = N'");
        else if (breaks.Keys.FirstOrDefault(x => x < 2 || x > majors.FirstOrDefault()) is > 0 and var strange)
            faults.Add(TextRange.FirstCharacter, $"break {strange} is not one of 2 to {MajorWord}");
        return faults.Faults.Count == 0
            ? (new(majors[0], [.. breaks.Values], new(items.Values)), [])
            : (null, [.. faults.Faults]);

        void Add(string line, TextRange range)
        {
            if (ContractLine.Read(line) is not var (word, name, value))
                faults.Add(range, "this is not 'WORD NAME = VALUE', in which a backslash stands only before 'xHH'");
            else if (word == MajorWord)
                AddMajor(name, value, range);
            else if (word == BreakWord)
                AddBreak(name, value, range);
            else if (ContractItem.Of(word, name, value) is not { } item)
                faults.Add(
                    range with
                    {
                        End = range.Start + word.Length,
                    },
                    Suggestion.Append($"'{word}' is not a kind of promise", word, [.. ContractItem.Words])
                );
            else if (!items.TryAdd((item.Kind, item.Name), item))
                faults.Add(range, "this is promised twice");
        }

        void AddMajor(string name, string? value, TextRange range)
        {
            if (Number(value) is not (> 0 and var number) || name.Length > 0)
                faults.Add(range, $"a number from 1 on is needed here: '{MajorWord} = 1'");
            else if (majors.Count > 0)
                faults.Add(range, $"there are two lines '{MajorWord} = N'");
            else
                majors.Add(number);
        }

        void AddBreak(string name, string? value, TextRange range)
        {
            if (Number(name) is not { } number || string.IsNullOrWhiteSpace(value))
                faults.Add(range, $"a break has a number and a reason: '{BreakWord} 2 = REASON'");
            else if (!breaks.TryAdd(number, new(number, value)))
                faults.Add(range, $"there are two reasons for break {name}");
        }
    }

    /// <summary>The file.</summary>
    /// <param name="stack">Whose contract it is.</param>
    public string Write(string stack)
    {
        var text = new StringBuilder(
            $"# What the stack '{stack}' promises to whoever builds on it. A line that goes, or changes, is a break.\n"
        );
        Line(ContractLine.Write(MajorWord, "", Major.ToString(CultureInfo.InvariantCulture)));
        foreach (var (number, reason) in Breaks.OrderBy(x => x.Major))
            Line(ContractLine.Write(BreakWord, number.ToString(CultureInfo.InvariantCulture), reason));
        text.Append('\n');
        foreach (var item in Contract.Items)
            Line(item.ToString());
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
