using System.Diagnostics.CodeAnalysis;

namespace Recipes.Engine.Http;

/// <summary>A server sends to an address that is not asked; the message is a clause that begins with "it".</summary>
[SuppressMessage("Design", "CA1064", Justification = "Who sends the request turns it into a message.")]
internal sealed class RedirectException(string message) : Exception(message);
