using System.CommandLine;

namespace Recipes.Cli.Commands;

/// <summary>The whole command line.</summary>
internal static class RecipesCommand
{
    public static RootCommand Create(CliHost host, Interruption interruption)
    {
        var options = new GlobalOptions();
        var root = new RootCommand(
            "Builds software from pinned source in offline sandboxes, and composes tiny container images."
        )
        {
            ComposeCommand.Create(host, options),
            RunCommand.Create(host, options, interruption),
            LoadCommand.Create(host, options),
            TryCommand.Create(host, options, interruption),
            PushCommand.Create(host, options),
            BuildCommand.Create(host, options),
            TestCommand.Create(host, options),
            ShellCommand.Create(host, options, interruption),
            InitCommand.Create(host, options),
            NewCommand.Create(host, options),
            AddCommand.Create(host, options),
            FetchCommand.Create(host, options),
            LockCommand.Create(host, options),
            SourcesCommand.Create(host, options),
            BumpCommand.Create(host, options),
            OutdatedCommand.Create(host, options),
            ListCommand.Create(host, options),
            CheckCommand.Create(host, options),
            GraphCommand.Create(host, options),
            LogCommand.Create(host, options),
            WhyCommand.Create(host, options),
            ExplainCommand.Create(host, options),
            ImpactCommand.Create(host, options),
            FilesCommand.Create(host, options),
            OwnerCommand.Create(host, options),
            SizeCommand.Create(host, options),
            DiffCommand.Create(host, options),
            ContractCommand.Create(host, options),
            StoreCommand.Create(host, options),
            HelpCommand.Create(host, options),
            ManCommand.Create(host),
            SchemaCommand.Create(host),
            CompletionCommand.Create(host),
            DoctorCommand.Create(host, options),
            CompletionCommand.CreateAnswer(host, options),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAnswer(host);
        options.AddTo(root);
        return root;
    }
}
