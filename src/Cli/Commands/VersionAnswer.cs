using System.CommandLine;
using System.CommandLine.Invocation;
using Recipes.Cli.Output;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes --version</c>, in place of the library's answer, which has the commit in full.</summary>
internal sealed class VersionAnswer(CliHost host) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        host.Out.WriteLine(ProgramVersion.OfThisProgram());
        return ExitCode.Success;
    }
}
