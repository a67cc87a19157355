using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Tests.Images;
using Xunit;

namespace Recipes.Engine.Tests.Daemons;

/// <summary>Composed images in a store of their own.</summary>
internal sealed class LoadedImages : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly FakePackages packages;

    public LoadedImages()
    {
        Store = ContentStore.Open(folder.Join("store"));
        packages = new FakePackages(Store).Add("base", "usr/lib/base=1000B").Add("tool", "usr/bin/tool*=100B");
    }

    public ContentStore Store { get; }

    public Recorder Events { get; } = new();

    public static ImageName Name { get; } = ImageName.Parse("test-image:1.0");

    public ImageResult Compose(params string[] include)
    {
        var recipe = FakePackages.Image(FakePackages.Spec(include));
        var composition = ImageComposer.Compose(recipe, packages.Closure(recipe), Store);
        Assert.Empty(composition.Faults);
        return composition.Image!;
    }

    public void Dispose() => folder.Dispose();
}
