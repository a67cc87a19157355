namespace Recipes.Engine.Http;

/// <summary>A body of a request that says when bytes of it went out.</summary>
internal interface IMovingContent
{
    /// <summary>Bytes went out.</summary>
    event Action? Moved;
}
