namespace Recipes.Engine;

/// <summary>
/// A failure that a person can fix: the message says what happened, where, and what to do. It is shown as it stands,
/// without a stack trace. Faults in recipes are diagnostics instead, since there may be many.
/// </summary>
public sealed class EngineException(string message, Exception? innerException = null)
    : Exception(message, innerException);
