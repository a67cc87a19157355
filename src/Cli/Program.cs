using Recipes.Cli;

return await CommandLine.RunAsync(args, CliHost.OfProcess());
