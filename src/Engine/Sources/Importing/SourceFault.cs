namespace Recipes.Engine.Sources.Importing;

/// <summary>
/// Keeps what goes wrong with one source from costing the results of others: whatever is thrown becomes a fault of that
/// recipe, which every verb over several recipes reports and passes over.
/// </summary>
internal static class SourceFault
{
    /// <summary>Brings in the source of a recipe.</summary>
    /// <exception cref="EngineException">It went wrong, in whatever way.</exception>
    /// <exception cref="OperationCanceledException">The caller stopped it.</exception>
    public static Task<T> GuardAsync<T>(string recipe, Func<Task<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(recipe, "imported", work, cancellationToken);

    /// <summary>Does something with the source of a recipe.</summary>
    /// <param name="recipe">Its name.</param>
    /// <param name="done">What is done with the source, for messages.</param>
    /// <param name="work">Does it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="EngineException">It went wrong, in whatever way.</exception>
    /// <exception cref="OperationCanceledException">The caller stopped it.</exception>
    public static async Task<T> GuardAsync<T>(
        string recipe,
        string done,
        Func<Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (IsOfSource(e, cancellationToken))
        {
            throw Of(recipe, done, e);
        }
    }

    /// <summary>As above, without a result.</summary>
    /// <exception cref="EngineException">It went wrong, in whatever way.</exception>
    /// <exception cref="OperationCanceledException">The caller stopped it.</exception>
    public static Task GuardAsync(string recipe, Func<Task> work, CancellationToken cancellationToken) =>
        GuardAsync(
            recipe,
            async () =>
            {
                await work();
                return true;
            },
            cancellationToken
        );

    /// <summary>
    /// A cancellation that the caller did not ask for is a wait that somebody gave up. Without memory, nothing can be
    /// promised of other sources either.
    /// </summary>
    private static bool IsOfSource(Exception e, CancellationToken cancellationToken) =>
        e is OperationCanceledException
            ? !cancellationToken.IsCancellationRequested
            : e is not (EngineException or OutOfMemoryException);

    private static EngineException Of(string recipe, string done, Exception e) =>
        e switch
        {
            IOException or UnauthorizedAccessException => new(
                $"The source of '{recipe}' cannot be {done}: {e.Message}",
                e
            ),
            OperationCanceledException => new($"The source of '{recipe}' did not come in time: {e.Message}", e),
            _ => new(
                $"The source of '{recipe}' cannot be {done}, by a fault of this program: {e.GetType().Name}: "
                    + $"{e.Message}. Please report it.",
                e
            ),
        };
}
