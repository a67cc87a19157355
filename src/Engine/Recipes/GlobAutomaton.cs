using System.Numerics;
using System.Text;

namespace Recipes.Engine.Recipes;

/// <summary>What a state of the automaton consumes.</summary>
internal enum GlobMatch
{
    /// <summary>Nothing: go on to <c>Next</c> and <c>Other</c>.</summary>
    Fork,

    /// <summary>Nothing: the path has to end here.</summary>
    Accept,

    /// <summary>The one character <c>Literal</c>.</summary>
    Literal,

    /// <summary>Any character.</summary>
    Any,

    /// <summary>Any character but <c>/</c>.</summary>
    AnyButSlash,

    /// <summary>A character of <c>Class</c>.</summary>
    Class,
}

/// <summary>A state; <c>Next</c> and <c>Other</c> are indexes of states, -1 for none.</summary>
internal readonly record struct GlobState(GlobMatch Match, int Next = -1)
{
    public int Other { get; init; } = -1;
    public Rune Literal { get; init; }
    public GlobClass? Class { get; init; }
}

/// <summary><c>[abc]</c>; never matches <c>/</c>.</summary>
internal sealed record GlobClass(bool Negated, IReadOnlyList<(Rune First, Rune Last)> Ranges)
{
    public bool Contains(Rune rune) =>
        rune.Value != '/' && Ranges.Any(x => x.First <= rune && rune <= x.Last) != Negated;
}

/// <summary>
/// A nondeterministic automaton run by following all its states at once, so that no pattern can make matching slow: the
/// cost is the path's length times the number of states that are alive, never a power of anything.
/// </summary>
internal sealed class GlobAutomaton
{
    private readonly GlobState[] _states;
    private readonly int _words;

    /// <summary>For each state, the bit set of the consuming or accepting states it leads to without consuming.</summary>
    private readonly ulong[][] _closures;
    private readonly int _start;

    public GlobAutomaton(GlobState[] states, int start)
    {
        _states = states;
        _start = start;
        _words = (states.Length + 63) / 64;
        _closures = new ulong[states.Length][];
        for (var i = 0; i < states.Length; i++)
            _closures[i] = Closure(i);
    }

    public bool Accepts(string path)
    {
        Span<ulong> alive = stackalloc ulong[_words];
        Span<ulong> next = stackalloc ulong[_words];
        _closures[_start].CopyTo(alive);
        foreach (var rune in path.EnumerateRunes())
        {
            if (!Step(rune, alive, next))
                return false;
            next.CopyTo(alive);
        }
        return HasAccept(alive);
    }

    private bool Step(Rune rune, ReadOnlySpan<ulong> alive, Span<ulong> next)
    {
        next.Clear();
        var any = false;
        for (var word = 0; word < alive.Length; word++)
        {
            for (var bits = alive[word]; bits != 0; bits &= bits - 1)
            {
                ref readonly var state = ref _states[(word * 64) + BitOperations.TrailingZeroCount(bits)];
                if (!Consumes(state, rune))
                    continue;
                any = true;
                var closure = _closures[state.Next];
                for (var i = 0; i < closure.Length; i++)
                    next[i] |= closure[i];
            }
        }
        return any;
    }

    private static bool Consumes(in GlobState state, Rune rune) =>
        state.Match switch
        {
            GlobMatch.Literal => state.Literal == rune,
            GlobMatch.Any => true,
            GlobMatch.AnyButSlash => rune.Value != '/',
            GlobMatch.Class => state.Class!.Contains(rune),
            _ => false,
        };

    private bool HasAccept(ReadOnlySpan<ulong> alive)
    {
        for (var word = 0; word < alive.Length; word++)
        {
            for (var bits = alive[word]; bits != 0; bits &= bits - 1)
            {
                if (_states[(word * 64) + BitOperations.TrailingZeroCount(bits)].Match == GlobMatch.Accept)
                    return true;
            }
        }
        return false;
    }

    private ulong[] Closure(int from)
    {
        var closure = new ulong[_words];
        var seen = new bool[_states.Length];
        var open = new Stack<int>([from]);
        while (open.TryPop(out var index))
        {
            if (seen[index])
                continue;
            seen[index] = true;
            var state = _states[index];
            if (state.Match != GlobMatch.Fork)
            {
                closure[index / 64] |= 1UL << (index % 64);
                continue;
            }
            open.Push(state.Next);
            open.Push(state.Other);
        }
        return closure;
    }
}
