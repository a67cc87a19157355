using System.Text;

namespace Recipes.Engine.Model;

/// <summary>
/// Turns a parsed glob into an automaton, from its end to its start: what <c>**</c> means hangs on what follows it.
/// </summary>
internal sealed class GlobCompiler
{
    private readonly List<GlobState> _states = [];

    public static GlobAutomaton Compile(IReadOnlyList<GlobNode> nodes)
    {
        var compiler = new GlobCompiler();
        var accept = compiler.Add(new GlobState(GlobMatch.Accept));
        var start = compiler.Sequence(nodes, accept, segmentStart: true);
        return new GlobAutomaton([.. compiler._states], start);
    }

    private int Add(GlobState state)
    {
        _states.Add(state);
        return _states.Count - 1;
    }

    /// <param name="nodes">What to match.</param>
    /// <param name="next">The state to go on to.</param>
    /// <param name="segmentStart">Whether the first node is at the start of a file or folder name.</param>
    private int Sequence(IReadOnlyList<GlobNode> nodes, int next, bool segmentStart)
    {
        for (var i = nodes.Count - 1; i >= 0; i--)
            next = Node(nodes[i], next, i == 0 ? segmentStart : IsSlash(nodes[i - 1]));
        return next;
    }

    private static bool IsSlash(GlobNode node) => node is GlobNode.Literal { Rune.Value: '/' };

    private int Node(GlobNode node, int next, bool segmentStart) =>
        node switch
        {
            GlobNode.Literal literal => Add(new GlobState(GlobMatch.Literal, next) { Literal = literal.Rune }),
            GlobNode.One => Add(new GlobState(GlobMatch.AnyButSlash, next)),
            GlobNode.Class @class => Add(new GlobState(GlobMatch.Class, next) { Class = @class.Content }),
            GlobNode.Star => Loop(GlobMatch.AnyButSlash, next),
            GlobNode.Choice choice => Choice(choice, next, segmentStart),
            _ => Folders(next, segmentStart),
        };

    /// <summary>None or more of something, then <paramref name="next"/>.</summary>
    private int Loop(GlobMatch match, int next)
    {
        var loop = Add(new GlobState(GlobMatch.Fork, next));
        _states[loop] = _states[loop] with { Other = Add(new GlobState(match, loop)) };
        return loop;
    }

    private int Choice(GlobNode.Choice choice, int next, bool segmentStart)
    {
        var start = Sequence(choice.Alternatives[0], next, segmentStart);
        foreach (var alternative in choice.Alternatives.Skip(1))
            start = Add(new GlobState(GlobMatch.Fork, start) { Other = Sequence(alternative, next, segmentStart) });
        return start;
    }

    private int Folders(int next, bool segmentStart)
    {
        var following = _states[next];
        if (segmentStart && following.Match == GlobMatch.Accept)
            return Add(new GlobState(GlobMatch.Any, Loop(GlobMatch.Any, next)));
        if (!segmentStart || following.Match != GlobMatch.Literal || following.Literal.Value != '/')
            throw new FormatException("'**' has to be a whole folder name: '**/x', 'x/**'");

        // (name '/')*, and then what follows the slash: 'a/**/b' matches 'a/b' too.
        var loop = Add(new GlobState(GlobMatch.Fork, following.Next));
        var name = Loop(GlobMatch.AnyButSlash, Add(new GlobState(GlobMatch.Literal, loop) { Literal = new Rune('/') }));
        _states[loop] = _states[loop] with { Other = Add(new GlobState(GlobMatch.AnyButSlash, name)) };
        return loop;
    }
}
