using Recipes.Engine;

namespace Recipes.Cli;

/// <summary>The command line asks for something that cannot be; found after parsing.</summary>
internal sealed class UsageException(MessageText text) : Exception(text.ToString())
{
    /// <summary>What is wrong, and what to write.</summary>
    public MessageText Text { get; } = text;

    /// <summary>Asks the engine about words of the command line, whose faults are then faults of usage.</summary>
    /// <exception cref="UsageException">The engine refused them.</exception>
    public static T Of<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (EngineException e)
        {
            throw new UsageException(e.Text);
        }
    }
}
