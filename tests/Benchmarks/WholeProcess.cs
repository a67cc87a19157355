namespace Recipes.Benchmarks;

/// <summary>What a person waits for when nothing is to be done: start to exit of the published program.</summary>
internal static class WholeProcess
{
    private const int Rounds = 20;

    public static async Task RunAsync()
    {
        var wrapper = Path.Join(Programs.Checkout, "recipes");
        await Programs.RunAsync(wrapper, Programs.Checkout, "--version");
        var program = Path.Join(Programs.Checkout, "artifacts", "cli", "current", "recipes");
        (string, Func<Task>)[] things =
        [
            ("/bin/true", () => Programs.RunAsync("/bin/true", Programs.Checkout)),
            ("recipes --version", () => Programs.RunAsync(program, Programs.Checkout, "--version")),
            ("./recipes --version (through the wrapper)", () =>
                Programs.RunAsync(wrapper, Programs.Checkout, "--version")
            ),
            ("recipes check", () => Programs.RunAsync(program, Programs.Checkout, "check")),
        ];
        Samples.Write(await Samples.AlternateAsync(Rounds, things));
    }
}
