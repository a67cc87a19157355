using System.CommandLine;
using System.Globalization;
using Recipes.Cli.Output;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Git;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes store verify</c>.</summary>
internal static class StoreVerifyCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var command = new Command("verify", "Read everything in the store again, and drop what is damaged.");
        command.SetAction((parsed, cancellationToken) => RunAsync(new(host, options, parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var host = context.Host;
        Action<StoreDamage>? show = context.WantsJson
            ? null
            : damage => host.Out.WriteLine(Printable.Line(damage.ToString()));
        var store = context.OpenStore();
        var content = StoreVerifier.Verify(store, show, cancellationToken);
        var git = await GitStoreCheck.VerifyAsync(store, show, cancellationToken);
        var found = new StoreVerification(content.Checked + git.Checked, content.Damages.AddRange(git.Damages));
        if (context.WantsJson)
            Json.Write(host.Out, VerificationJson.Of(found), CliJson.Default.VerificationJson);
        else
            await host.Out.WriteLineAsync(Sum(found));
        return found.Damages.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Sum(StoreVerification found)
    {
        // One tree may have several damaged files.
        var damaged = found.Damages.DistinctBy(x => (x.Kind, x.Name)).Count();
        var rest = damaged == 0 ? "" : " and dropped; what is needed is made anew";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Quantities.Count(found.Checked, "entry", "entries")} verified, {damaged} damaged{rest}"
        );
    }
}
