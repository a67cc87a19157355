namespace Recipes.Engine.Building.Scheduling;

/// <summary>The longest expected time from the start of each node to the end of the plan.</summary>
internal static class RemainingPaths
{
    /// <summary>By name.</summary>
    /// <param name="plan">In topological order.</param>
    public static Dictionary<string, TimeSpan> Of(IReadOnlyList<PlanNode> plan)
    {
        var after = plan.ToDictionary(x => x.Name, _ => TimeSpan.Zero, StringComparer.Ordinal);
        var remaining = new Dictionary<string, TimeSpan>(plan.Count, StringComparer.Ordinal);
        foreach (var node in plan.Reverse())
        {
            var path = remaining[node.Name] = (node.Expected ?? TimeSpan.Zero) + after[node.Name];
            foreach (var need in node.Needs.Where(x => after[x] < path))
                after[need] = path;
        }
        return remaining;
    }
}
