namespace Recipes.Engine.Recipes;

/// <summary><c>package:output</c>.</summary>
internal readonly record struct OutputName(string Package, string Output)
{
    /// <summary>Reads <c>package:output</c>; a bare name is <c>main</c>.</summary>
    public static OutputName Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(text, "main") : new(text[..colon], text[(colon + 1)..]);
    }

    public override string ToString() => $"{Package}:{Output}";
}
