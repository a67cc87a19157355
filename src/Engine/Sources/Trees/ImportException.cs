using System.Diagnostics.CodeAnalysis;

namespace Recipes.Engine.Sources.Trees;

/// <summary>
/// An archive holds something that is not imported. The message is one clause; the reader adds the archive's name.
/// </summary>
[SuppressMessage("Design", "CA1064", Justification = "It does not leave the archive reader.")]
internal sealed class ImportException(string message) : Exception(message);
