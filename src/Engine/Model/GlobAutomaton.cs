using System.Buffers;
using System.Text;

namespace Recipes.Engine.Model;

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
/// cost is the path's length times the number of states that are alive, never a power of anything. Of a state nothing
/// is kept but itself, so that memory grows with the pattern.
/// </summary>
internal sealed class GlobAutomaton(GlobState[] states, int start)
{
    private const int MaxOnStack = 256;

    public bool Accepts(string path)
    {
        // Two sets of states, each a list and for each state its place in it, and a stack of states to go on from.
        var length = 5 * states.Length;
        var rented = length > MaxOnStack ? ArrayPool<int>.Shared.Rent(length) : null;
        var memory = rented is null ? stackalloc int[length] : rented.AsSpan(0, length);
        // A place is believed only where the list holds the state there, but what is rented may hold anything.
        memory.Clear();
        var alive = new StateSet(memory[..states.Length], memory.Slice(states.Length, states.Length));
        var next = new StateSet(
            memory.Slice(2 * states.Length, states.Length),
            memory.Slice(3 * states.Length, states.Length)
        );
        var open = memory[(4 * states.Length)..];
        try
        {
            Add(ref alive, start, open);
            foreach (var rune in path.EnumerateRunes())
            {
                next.Count = 0;
                for (var i = 0; i < alive.Count; i++)
                {
                    ref readonly var state = ref states[alive.List[i]];
                    if (Consumes(state, rune))
                        Add(ref next, state.Next, open);
                }
                if (next.Count == 0)
                    return false;
                var swapped = alive;
                alive = next;
                next = swapped;
            }
            for (var i = 0; i < alive.Count; i++)
            {
                if (states[alive.List[i]].Match == GlobMatch.Accept)
                    return true;
            }
            return false;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<int>.Shared.Return(rented);
        }
    }

    /// <summary>Adds a state and what it leads to without consuming.</summary>
    private void Add(ref StateSet set, int first, Span<int> open)
    {
        if (!set.TryAdd(first))
            return;
        open[0] = first;
        for (var count = 1; count > 0; )
        {
            ref readonly var state = ref states[open[--count]];
            if (state.Match != GlobMatch.Fork)
                continue;
            // A state is on the stack once at most, since it is in the set from then on.
            if (set.TryAdd(state.Next))
                open[count++] = state.Next;
            if (set.TryAdd(state.Other))
                open[count++] = state.Other;
        }
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

    /// <summary>A set of small numbers that is emptied at once (Briggs and Torczon, 1993).</summary>
    private ref struct StateSet(Span<int> list, Span<int> places)
    {
        private readonly Span<int> places = places;

        public Span<int> List { get; } = list;

        public int Count { get; set; }

        public bool TryAdd(int state)
        {
            var place = places[state];
            if (place < Count && List[place] == state)
                return false;
            places[state] = Count;
            List[Count++] = state;
            return true;
        }
    }
}
