namespace Recipes.Engine.Building.Planning;

/// <summary>The parts of an action, in the order in which they are told.</summary>
internal enum ActionPart
{
    /// <summary>A variable of the environment.</summary>
    Environment,

    /// <summary>Which steps there are.</summary>
    Steps,

    /// <summary>The script of a step.</summary>
    Step,

    /// <summary>A file of the recipe's folder that is no patch.</summary>
    RecipeFile,

    /// <summary>A file of the source, patches applied.</summary>
    Source,

    /// <summary>A file of an output in the build root.</summary>
    Need,

    /// <summary>A limit, or the platform.</summary>
    Limit,
}

/// <summary>What differs in one part of an action since it last ran.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Subject">
/// The variable, step, limit or output (<c>package:output</c>); of files, the path of the first that differs.
/// </param>
/// <param name="Before">
/// What it was; of scripts the first line that differs; null where it was not there or is not text.
/// </param>
/// <param name="After">What it is; null where it is gone or is not text.</param>
/// <param name="Path">Of a need: the first file that differs, or null where that can no longer be told.</param>
/// <param name="IsAdded">True if it was not there.</param>
/// <param name="IsRemoved">True if it is gone.</param>
/// <param name="More">How many more files differ.</param>
internal sealed record ActionDifference(
    ActionPart Part,
    string Subject,
    string? Before = null,
    string? After = null,
    string? Path = null,
    bool IsAdded = false,
    bool IsRemoved = false,
    int More = 0
);
