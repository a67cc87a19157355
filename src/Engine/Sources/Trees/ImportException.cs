using System.Diagnostics.CodeAnalysis;

namespace Recipes.Engine.Sources.Trees;

/// <summary>
/// An archive holds something that is not imported. The message is one clause; the reader adds the archive's name.
/// </summary>
[SuppressMessage("Design", "CA1064", Justification = "It does not leave the archive reader.")]
internal sealed class ImportException(string message) : Exception(message)
{
    /// <summary>True if the fault is that of one entry, without which the rest could be imported.</summary>
    public bool IsOfEntry { get; private init; }

    /// <summary>The message, with what a recipe can do about it.</summary>
    public string Advice => IsOfEntry ? $"{Message}; 'except' in [source] leaves it out" : Message;

    /// <summary>The fault of one entry.</summary>
    public static ImportException OfEntry(string message) => new(message) { IsOfEntry = true };
}
