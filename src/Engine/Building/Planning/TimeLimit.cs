using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// How long a build or test may run. Without <c>[build.limits] time</c> this is the machine's own rule, so that what
/// hangs ends at last, and no part of the action.
/// </summary>
/// <param name="Time">Wall time.</param>
/// <param name="IsDefault">True if the recipe says nothing.</param>
internal readonly record struct TimeLimit(TimeSpan Time, bool IsDefault)
{
    private const int DefaultHours = 24;

    /// <summary>The limit of a recipe.</summary>
    public static TimeLimit Of(BuildLimits limits) =>
        new(limits.Time ?? TimeSpan.FromHours(DefaultHours), limits.Time is null);

    /// <summary>What ran longer; goes on after <c>took longer than</c>.</summary>
    public override string ToString() =>
        IsDefault
            ? $"the {DefaultHours} hours that are allowed where [build.limits] time says nothing"
            : "[build.limits] time allows";
}
