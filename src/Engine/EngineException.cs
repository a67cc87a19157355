namespace Recipes.Engine;

/// <summary>
/// A failure that a person can fix: the message says what happened, where, and what to do. It is shown without a stack
/// trace. Faults in recipes are diagnostics instead, since there may be many.
/// </summary>
/// <param name="text">The message, which <see cref="Exception.Message"/> has in the engine's own words.</param>
/// <param name="innerException">The cause.</param>
public sealed class EngineException(MessageText text, Exception? innerException = null)
    : Exception(text.ToString(), innerException)
{
    /// <summary>The message, with what to do as data.</summary>
    public MessageText Text { get; } = text;

    /// <summary>A program of the host that is needed and is not there.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="purpose">What for, such as <c>to unpack an archive</c>.</param>
    /// <param name="cause">What came of starting it.</param>
    internal static EngineException MissingProgram(string program, string purpose, Exception cause) =>
        new(
            $"The program '{program}' is needed {purpose} and is not on this machine; "
                + $"{new Remedy(RemedyKind.Install, program)}.",
            cause
        );
}
