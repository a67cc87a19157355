using Recipes.Engine.Images;

namespace Recipes.Engine.Registries;

/// <summary>A request failed in a way that may pass, and is tried again after a pause.</summary>
/// <param name="Name">As in <see cref="BlobProgress"/>, or <c>manifest</c> or the registry's host.</param>
/// <param name="Reason">One clause.</param>
/// <param name="Pause">How long.</param>
public sealed record RequestRetried(string Name, string Reason, TimeSpan Pause) : EngineEvent;
