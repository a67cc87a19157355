namespace Recipes.Engine.Registries;

/// <summary>
/// A registry has credentials shown to a token service on another host; told before the first use of a run.
/// </summary>
/// <param name="Registry">As the target names it.</param>
/// <param name="TokenService">Its scheme, host and port.</param>
/// <param name="Credentials">Whose, and where they come from; never the secret.</param>
internal sealed record CredentialsGoElsewhere(string Registry, string TokenService, string Credentials) : EngineEvent;
