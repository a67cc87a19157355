using System.Collections.Immutable;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Tests.Support;

/// <summary>The sites of Debian, as a test has them.</summary>
internal sealed class FakeSites : IDebianSites
{
    public ImmutableArray<string> Sites { get; set; } = [];

    public Task<ImmutableArray<string>> GetAsync(CancellationToken cancellationToken) => Task.FromResult(Sites);
}
