using Recipes.Engine;
using Recipes.Engine.Building;

// Composes an image of a workspace: LibraryExample WORKSPACE IMAGE FILE
await using var project = Project.Open(args[0], new() { Observer = new StartedBuilds() });
var composed = await project.ComposeAsync(args[1], new() { Archive = Path.GetFullPath(args[2]) });
foreach (var failure in composed.Builds.Outcomes.Values.Select(x => x.Failure).OfType<PackageFailure>())
    Console.Error.WriteLine($"{failure.Package}: {failure.Message}");
foreach (var fault in composed.Faults)
    Console.Error.WriteLine(fault);
if (composed.Image is not { } image)
    return 1;
foreach (var layer in image.Layers)
    Console.WriteLine($"{layer.Name} {layer.Version}: {layer.FileBytes} bytes");
return 0;

internal sealed class StartedBuilds : IEngineObserver
{
    public void On(EngineEvent happened)
    {
        if (happened is PackageStateChanged { State: BuildState.Running } start)
            Console.Error.WriteLine($"builds {start.Package}");
    }
}
