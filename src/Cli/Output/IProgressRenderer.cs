using Recipes.Engine;

namespace Recipes.Cli.Output;

/// <summary>Shows what the engine does while it does it, on the error stream.</summary>
internal interface IProgressRenderer : IEngineObserver, IAsyncDisposable;
