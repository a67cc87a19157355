namespace Recipes.Engine.Http;

/// <summary>A request failed in a way that may pass, and is tried again after a pause.</summary>
/// <param name="Name">Of what is down- or uploaded, or <c>manifest</c> or the registry's host.</param>
/// <param name="Reason">One clause.</param>
/// <param name="Pause">How long.</param>
internal sealed record RequestRetried(string Name, string Reason, TimeSpan Pause) : EngineEvent;
