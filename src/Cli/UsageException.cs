namespace Recipes.Cli;

/// <summary>The command line asked for something that does not exist, as a recipe of another name; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
