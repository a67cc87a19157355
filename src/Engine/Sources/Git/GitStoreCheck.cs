using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Git;

/// <summary>Verifies the git repositories of a store.</summary>
internal static class GitStoreCheck
{
    /// <summary>
    /// Has git read every object again, and drops the repositories that are damaged: they are fetched anew when needed.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="found">Told of each damage when it is found; may be null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">git is not on this machine, or the store cannot be written.</exception>
    public static async Task<StoreVerification> VerifyAsync(
        ContentStore store,
        Action<StoreDamage>? found,
        CancellationToken cancellationToken
    )
    {
        store.RequireWritable();
        var damages = ImmutableArray.CreateBuilder<StoreDamage>();
        var folders = Directory.Exists(store.Layout.Git) ? Directory.GetDirectories(store.Layout.Git) : [];
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            var result = await new GitProgram(folder).RunAsync(
                ["fsck", "--full", "--no-dangling", "--no-progress"],
                cancellationToken
            );
            if (result.IsSuccess)
                continue;
            StoreCollector.Remove(store.Layout, folder);
            var lines = (result.StandardError + "\n" + result.StandardOutput).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            );
            var damage = new StoreDamage(
                StoreEntryKind.Git,
                Path.GetFileName(folder),
                $"git finds damage: {lines.FirstOrDefault() ?? "it does not say which"}"
            );
            damages.Add(damage);
            found?.Invoke(damage);
        }
        return new(folders.Length, damages.ToImmutable());
    }
}
