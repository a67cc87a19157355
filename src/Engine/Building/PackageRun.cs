using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;

namespace Recipes.Engine.Building;

/// <summary>One run of a package's steps in the sandbox: its log, its time, and what a failure of it is told with.</summary>
internal sealed class PackageRun(ContentStore store, ISandbox sandbox, JobServer jobServer, IEngineObserver observer)
{
    private readonly BuildHistory history = new(store);
    private readonly KeptBuilds keptBuilds = new(store);

    /// <summary>Runs all steps, and keeps the folders of the one that fails.</summary>
    public async Task<RunEnd> BuildAsync(PackagePlan plan, int jobs, CancellationToken cancellationToken)
    {
        plan.RecipeTree.AddTo(store);
        ActionParts.Keep(store, plan);
        var request = plan.Request with { Jobs = jobs, KeepOnFailure = keptBuilds.Folder(plan.Recipe.Name) };
        return await ExecuteAsync(plan, request, plan.Action.Digest, cancellationToken);
    }

    /// <summary>
    /// Goes on from the step that failed, in its folders as they are now. The recipe may have changed since: its steps, and
    /// what it needs, are those of today.
    /// </summary>
    /// <exception cref="EngineException">There is nothing to go on with.</exception>
    public async Task<RunEnd> ResumeAsync(PackagePlan plan, int jobs, CancellationToken cancellationToken)
    {
        var name = plan.Recipe.Name;
        if (keptBuilds.Find(name) is not { } past)
            throw new EngineException($"there is nothing to go on with: the last build of '{name}' did not fail in a step; run: recipes build {name}");
        if (past.IsFinished)
            throw new EngineException($"'{name}' went through when it was resumed, and is not clean; build it anew: recipes build {name}");
        var steps = plan.RecipeTree.Script.Steps;
        if (!steps.Contains(past.Step))
            throw new EngineException($"the step '{past.Step}', in which '{name}' failed, is no longer in its recipe; run: recipes build {name}");
        plan.RecipeTree.AddTo(store);
        var request = plan.Request with
        {
            Jobs = jobs,
            Arguments = BuildScript.ArgumentsOf([.. steps[steps.IndexOf(past.Step)..]]),
            KeptFolder = keptBuilds.Folder(name),
        };
        var end = await ExecuteAsync(plan, request, plan.ResumedAction, cancellationToken);
        if (end.Result.Succeeded)
            keptBuilds.Write(name, new(plan.Action.Digest.ToString(), past.Step, IsFinished: true));
        return end;
    }

    private async Task<RunEnd> ExecuteAsync(PackagePlan plan, SandboxRequest request, Digest key, CancellationToken cancellationToken)
    {
        var name = plan.Recipe.Name;
        var logPath = store.LogPath(key);
        using var log = new StepLog(logPath, name, observer);
        using var slot = jobServer.Enter();
        var result = await sandbox.RunAsync(request with { JobServer = slot.Path }, log, cancellationToken);
        var run = new PastBuild(result.Elapsed.TotalSeconds, result.CpuTime?.TotalSeconds, key.ToString());
        // One that failed early, or was resumed late, tells nothing of how long it takes.
        var isWhole = result.Succeeded && request.KeptFolder is null;
        history.Add(name, isWhole ? run : run with { Seconds = Math.Max(run.Seconds, history.Find(name)?.Seconds ?? 0) });
        if (result.Succeeded)
            return new(result, run, logPath, null);
        if (result.Kept is not null && log.Step is { } step)
            keptBuilds.Write(name, new(plan.Action.Digest.ToString(), step, IsFinished: false));
        var failure = new PackageFailure(name, Describe(result, log.Step), log.Tail, logPath, result.Kept)
        {
            Step = log.Step,
            Command = log.Step is { } failed and not BuildScript.Finish ? plan.RecipeTree.Script.Files.GetValueOrDefault(failed)?.TrimEnd() : null,
        };
        return new(result, run, logPath, failure);
    }

    private static string Describe(SandboxResult result, string? step)
    {
        var where = step is null ? "before the first step" : $"in step '{step}'";
        return result.End switch
        {
            SandboxEnd.TimedOut => $"took longer than [build.limits] time allows, {where}",
            SandboxEnd.OutOfMemory => $"took more memory than [build.limits] memory allows, {where}",
            _ => $"failed {where} with exit status {result.ExitStatus}",
        };
    }
}

/// <summary>How the steps of a package ended.</summary>
internal sealed record RunEnd(SandboxResult Result, PastBuild Run, string LogPath, PackageFailure? Failure)
{
    /// <summary>What they installed; there only if nothing failed.</summary>
    public Digest Stage => Result.Outputs["/" + BuildAction.Stage];
}
