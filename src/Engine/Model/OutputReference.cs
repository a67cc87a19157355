namespace Recipes.Engine.Model;

/// <summary>The name of an output, as written in a recipe.</summary>
/// <param name="Package">The package.</param>
/// <param name="Output">The output; null where only the package's name was written.</param>
/// <param name="Span">Where it is written; null for the implicit base toolchain.</param>
internal sealed record OutputReference(string Package, string? Output, SourceSpan? Span)
{
    /// <summary>The output that is meant where a bare name is <c>main</c>.</summary>
    public OutputName Name => new(Package, Output ?? OutputName.Main);

    /// <summary>
    /// The outputs that are meant where something is to run: of a bare name <c>main</c>, and <c>tools</c> where the
    /// recipe left it to the default which files that has.
    /// </summary>
    /// <param name="recipe">Of the package; null if it is not known yet.</param>
    public IEnumerable<OutputName> AtRuntime(Recipe? recipe)
    {
        yield return Name;
        if (Output is null && recipe is PackageRecipe { HasDefaultTools: true })
            yield return new(Package, OutputName.Tools);
    }

    /// <summary>Reads <c>package</c> or <c>package:output</c>.</summary>
    public static OutputReference Parse(string text, SourceSpan? span = null)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(text, null, span) : new(text[..colon], text[(colon + 1)..], span);
    }

    /// <summary><c>package</c> or <c>package:output</c>.</summary>
    public override string ToString() => Output is null ? Package : $"{Package}:{Output}";
}
