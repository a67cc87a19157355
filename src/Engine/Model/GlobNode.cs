using System.Text;

namespace Recipes.Engine.Model;

/// <summary>A part of a parsed glob.</summary>
internal abstract record GlobNode
{
    /// <summary>One character as it is.</summary>
    public sealed record Literal(Rune Rune) : GlobNode;

    /// <summary><c>?</c>.</summary>
    public sealed record One : GlobNode;

    /// <summary><c>*</c>.</summary>
    public sealed record Star : GlobNode;

    /// <summary><c>**</c>.</summary>
    public sealed record Folders : GlobNode;

    /// <summary><c>[abc]</c>.</summary>
    public sealed record Class(GlobClass Content) : GlobNode;

    /// <summary><c>{a,b}</c>.</summary>
    public sealed record Choice(IReadOnlyList<IReadOnlyList<GlobNode>> Alternatives) : GlobNode;
}
