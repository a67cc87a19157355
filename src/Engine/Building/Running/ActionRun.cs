using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;

namespace Recipes.Engine.Building.Running;

/// <summary>
/// One run of a package's steps in the sandbox: its log, its time, and what a failure of it is told with.
/// </summary>
internal sealed class ActionRun(ContentStore store, ISandbox sandbox, JobServer jobServer, IEngineObserver observer)
{
    private readonly BuildHistory history = new(store);
    private readonly KeptBuilds keptBuilds = new(store);

    /// <summary>Runs all steps, and keeps the folders of the one that fails.</summary>
    public async Task<RunEnd> BuildAsync(PackagePlan plan, int jobs, CancellationToken cancellationToken)
    {
        plan.AddTrees(store);
        ActionParts.Keep(plan, store);
        var request = plan.Request with { Jobs = jobs, KeepOnFailure = keptBuilds.Folder(plan.Recipe.Name) };
        return await ExecuteAsync(plan, request, plan.Action.Digest, cancellationToken);
    }

    /// <summary>
    /// Goes on from the step that failed, in its folders as they are now. The recipe may have changed since: its steps,
    /// and what it needs, are those of today.
    /// </summary>
    /// <exception cref="EngineException">There is nothing to go on with.</exception>
    public async Task<RunEnd> ResumeAsync(PackagePlan plan, int jobs, CancellationToken cancellationToken)
    {
        var name = plan.Recipe.Name;
        if (keptBuilds.Find(name) is not { } past)
            throw new EngineException(
                $"there is nothing to go on with: the last build of '{name}' did not fail in a step; "
                    + $"{new Remedy(RemedyKind.Build, name)}"
            );
        if (past.IsFinished)
            throw new EngineException(
                $"'{name}' went through when it was resumed, and is not clean; to have it anew, "
                    + $"{new Remedy(RemedyKind.Build, name)}"
            );
        var steps = plan.RecipeTree.Script.Steps;
        if (!steps.Contains(past.Step))
            throw new EngineException(
                $"the step '{past.Step}', in which '{name}' failed, is no longer in its recipe; "
                    + $"{new Remedy(RemedyKind.Build, name)}"
            );
        plan.AddTrees(store);
        var request = plan.Request with
        {
            Jobs = jobs,
            Arguments = BuildScript.ArgumentsOf([.. steps[steps.IndexOf(past.Step)..]]),
            KeptFolder = keptBuilds.Folder(name),
        };
        var end = await ExecuteAsync(plan, request, plan.ResumedAction, cancellationToken);
        if (end.Result.Succeeded)
            keptBuilds.Write(name, new(plan.Action.Digest, past.Step, IsFinished: true));
        return end;
    }

    private async Task<RunEnd> ExecuteAsync(
        PackagePlan plan,
        SandboxRequest request,
        Digest key,
        CancellationToken cancellationToken
    )
    {
        var name = plan.Recipe.Name;
        var logPath = store.BeginLog(key);
        using var log = new StepLog(logPath, name, observer);
        SandboxResult result;
        MessageText? fault = null;
        try
        {
            using var slot = jobServer.Enter();
            result = await sandbox.RunAsync(request with { JobServer = slot.Path }, log, cancellationToken);
        }
        catch (Exception e) when (log.Step is not null && (e is EngineException || StorageFault.IsOne(e)))
        {
            // The steps ran, so that their last words may tell more than what came after them.
            fault = StorageFault.Describe(e);
            result = SandboxResult.Broken;
        }
        var run = new PastBuild(result.Elapsed.TotalSeconds, result.CpuTime?.TotalSeconds, key);
        var failure = result.Succeeded ? null : FailureOf(plan, result, log, logPath, fault);
        try
        {
            log.Close();
            store.EndLog(key);
            // One that failed early, or was resumed late, tells nothing of how long it takes.
            var isWhole = result.Succeeded && request.KeptFolder is null;
            history.Add(
                name,
                isWhole ? run : run with { Seconds = Math.Max(run.Seconds, history.Find(name)?.Seconds ?? 0) }
            );
            if (failure is { Kept: not null, Step: { } step })
                keptBuilds.Write(name, new(plan.Action.Digest, step, IsFinished: false));
        }
        catch (Exception e) when (failure is not null && (e is EngineException || StorageFault.IsOne(e)))
        {
            // What failed first is what a person has to know first.
            failure = failure with { Message = $"{failure.Message}\nit cannot be noted: {StorageFault.Describe(e)}" };
        }
        return new(result, run, logPath, failure);
    }

    private static PackageFailure FailureOf(
        PackagePlan plan,
        SandboxResult result,
        StepLog log,
        string logPath,
        MessageText? fault
    )
    {
        MessageText message = fault ?? Describe(plan, result, log.Step);
        if (result.KeepFault is { } keepFault)
            message = $"{message}\nits folders cannot be left for inspection: {keepFault}";
        return new(plan.Recipe.Name, message, log.Tail, logPath, result.Kept)
        {
            Step = log.Step,
            Command = log.Step is { } failed and not BuildScript.Finish
                ? plan.RecipeTree.Script.Files.GetValueOrDefault(failed)?.TrimEnd()
                : null,
        };
    }

    private static string Describe(PackagePlan plan, SandboxResult result, string? step)
    {
        var where = step is null ? "before the first step" : $"in step '{step}'";
        return result.End switch
        {
            SandboxEnd.TimedOut => $"took longer than {TimeLimit.Of(plan.Recipe.Build.Limits)}, {where}",
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
