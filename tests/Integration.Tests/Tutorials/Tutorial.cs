using System.Collections.Immutable;

namespace Recipes.Integration.Tests.Tutorials;

/// <summary>A fault of a tutorial itself.</summary>
internal sealed class TutorialException(string file, int line, string message) : Exception($"{file}:{line}: {message}");

/// <summary>Something that the reader of a tutorial does.</summary>
/// <param name="Line">Where it stands, from 1.</param>
internal abstract record TutorialStep(int Line);

/// <summary>The reader writes a file.</summary>
internal sealed record WriteStep(int Line, string Path, string Text) : TutorialStep(Line);

/// <summary>The reader runs a command.</summary>
/// <param name="Text">For <c>sh</c>.</param>
/// <param name="Expected">The lines beneath it.</param>
/// <param name="Fails">Whether it returns 1.</param>
internal sealed record CommandStep(int Line, string Text, ImmutableArray<string> Expected, bool Fails)
    : TutorialStep(Line);

/// <summary>
/// A tutorial as its reader takes it, step by step. The convention:
/// <list type="bullet">
/// <item>A block <c>```console</c> holds commands after <c>$ </c>, each with its expected answer beneath. The answer is
/// what the command writes to its standard output; of a command that fails, followed by what it writes to standard
/// error.</item>
/// <item>A block <c>```console fails</c> is one whose commands return 1; all others return 0.</item>
/// <item>Any other block is a file. The line before it, with at most a blank one between, ends with
/// <c>Write `PATH`:</c>, or with a remark in brackets before the colon.</item>
/// <item>In an answer, <c>…</c> stands for any text within a line, and a line <c>...</c> for one line or more.</item>
/// </list>
/// </summary>
internal sealed record Tutorial(string File, ImmutableArray<string> Lines, ImmutableArray<TutorialStep> Steps)
{
    private const string Fence = "```";
    private const string Prompt = "$ ";
    private const string Console = "console";

    public static Tutorial Read(string path) => Parse(Path.GetFileName(path), System.IO.File.ReadAllText(path));

    /// <exception cref="TutorialException">The text does not keep to the convention.</exception>
    public static Tutorial Parse(string file, string text)
    {
        ImmutableArray<string> lines = [.. text.Split('\n')];
        var steps = ImmutableArray.CreateBuilder<TutorialStep>();
        for (var start = 0; start < lines.Length; start++)
        {
            if (!lines[start].StartsWith(Fence, StringComparison.Ordinal))
                continue;
            var end = start + 1;
            while (end < lines.Length && lines[end] != Fence)
                end++;
            if (end == lines.Length)
                throw new TutorialException(file, start + 1, $"the block '{lines[start]}' is not closed");
            var words = lines[start][Fence.Length..].Split(' ');
            if (words[0] != Console)
                steps.Add(
                    new WriteStep(
                        start + 1,
                        FileName(file, lines, start),
                        string.Concat(lines[(start + 1)..end].Select(x => x + '\n'))
                    )
                );
            else if (words is [_] or [_, "fails"])
                AddCommands(file, lines, start + 1, end, words.Length == 2, steps);
            else
                throw new TutorialException(
                    file,
                    start + 1,
                    $"'{string.Join(' ', words[1..])}' after 'console' is unknown; there is 'fails'"
                );
            start = end;
        }
        return new(file, lines, steps.ToImmutable());
    }

    private static string FileName(string file, ImmutableArray<string> lines, int fence)
    {
        var above = fence > 0 && lines[fence - 1].Length == 0 ? fence - 2 : fence - 1;
        var parts = above < 0 ? [] : lines[above].Split('`');
        if (parts.Length < 3 || !parts[^3].EndsWith("Write ", StringComparison.Ordinal) || !parts[^1].EndsWith(':'))
            throw new TutorialException(
                file,
                fence + 1,
                $"the block '{lines[fence]}' is not a console, and no line 'Write `PATH`:' before it says which "
                    + $"file it is"
            );
        return parts[^2];
    }

    private static void AddCommands(
        string file,
        ImmutableArray<string> lines,
        int start,
        int end,
        bool fails,
        ImmutableArray<TutorialStep>.Builder steps
    )
    {
        if (start == end || !lines[start].StartsWith(Prompt, StringComparison.Ordinal))
            throw new TutorialException(file, start + 1, $"a console begins with '{Prompt}' and a command");
        for (var i = start; i < end; )
        {
            var next = i + 1;
            while (next < end && !lines[next].StartsWith(Prompt, StringComparison.Ordinal))
                next++;
            steps.Add(new CommandStep(i + 1, lines[i][Prompt.Length..], lines[(i + 1)..next], fails));
            i = next;
        }
    }
}
