using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Recipes.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- [start|plan|root|change|code|sandbox|shipping]...
var chosen = args.Length > 0 ? args : ["start", "plan", "root", "change"];
foreach (var name in chosen)
{
    Console.WriteLine($"== {name}");
    switch (name)
    {
        case "start":
            await WholeProcess.RunAsync();
            break;
        case "plan":
            // The work is long against a start: a few runs in this process, the first one told apart.
            var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance);
            BenchmarkRunner.Run<LoadAndPlan>(
                DefaultConfig.Instance.AddJob(
                    job.WithStrategy(BenchmarkDotNet.Engines.RunStrategy.Monitoring)
                        .WithWarmupCount(1)
                        .WithIterationCount(5)
                )
            );
            await NinjaPeer.RunAsync();
            break;
        case "root":
            await RootAssembly.RunAsync();
            break;
        case "change":
            await OneFileChange.RunAsync();
            break;
        case "code":
            await OwnCodeChange.RunAsync();
            break;
        case "sandbox":
            await SandboxOverhead.RunAsync();
            break;
        case "shipping":
            await Shipping.RunAsync();
            break;
        default:
            await Console.Error.WriteLineAsync(
                $"no benchmark '{name}'; there are: start, plan, root, change, code, sandbox, shipping"
            );
            return 2;
    }
}
return 0;
