using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Engine.Sandboxes.Hosts;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var clean = new Option<bool>("--clean")
        {
            Description =
                "Remove from the Docker daemon what builds have left there: containers and volumes of ended ones, "
                + "and all their images.",
        };
        var command = new Command("doctor", "Check this machine, and say how to fix what is missing.") { clean };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var context = new CommandContext(host, options, parsed);
                return parsed.GetValue(clean)
                    ? CleanAsync(context, cancellationToken)
                    : CheckAsync(context, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> CheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var host = context.Host;
        var report = await Project.CheckHostAsync(
            context.StoreRoot,
            context.SandboxKind,
            host.Variable,
            cancellationToken
        );
        var fixes = report.Fixes(Environment.IsPrivilegedProcess, RemedyWords.Of);
        if (context.WantsJson)
            Json.Write(host.Out, HostJson.Of(report, fixes), CliJson.Default.HostJson);
        else
            HostReportView.Write(host, report, fixes);
        return report.IsUsable ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> CleanAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var endpoint = DockerEndpoint.Find(context.Host.Variable);
        // Who has never had Docker has nothing to clean.
        var isExpected =
            endpoint.IsThere
            || context.SandboxKind == SandboxKind.Docker
            || context.Host.Variable("DOCKER_HOST") is { Length: > 0 };
        var removed = isExpected ? await CleanAsync(endpoint, cancellationToken) : null;
        if (context.WantsJson)
            Json.Write(context.Host.Out, DockerCleanupJson.Of(endpoint, removed), CliJson.Default.DockerCleanupJson);
        else
            DockerCleanupView.Write(context.Host.Out, endpoint, removed);
        return ExitCode.Success;
    }

    private static async Task<DockerCleanup> CleanAsync(DockerEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var daemon = await DockerConnection.OpenAsync(endpoint, cancellationToken);
        return await new DockerCleaner(daemon).CleanAsync(TimeSpan.Zero, cancellationToken);
    }
}
