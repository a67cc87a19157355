namespace Recipes.Engine.Model;

/// <summary>A variable for a program.</summary>
/// <param name="Name">Not empty, and without <c>=</c>.</param>
/// <param name="Value">Any text.</param>
internal readonly record struct EnvironmentVariable(string Name, string Value)
{
    /// <summary>Reads <c>NAME=VALUE</c>.</summary>
    /// <exception cref="EngineException">It is something else.</exception>
    public static EnvironmentVariable Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 1
            ? throw new EngineException($"'{text}' is not of the form NAME=VALUE")
            : new(text[..equals], text[(equals + 1)..]);
    }

    /// <summary><c>NAME=VALUE</c>.</summary>
    public override string ToString() => $"{Name}={Value}";
}
