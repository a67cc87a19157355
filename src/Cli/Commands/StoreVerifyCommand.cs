using System.CommandLine;
using System.Globalization;
using Recipes.Cli.Output;
using Recipes.Engine.Content;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes store verify</c>.</summary>
internal static class StoreVerifyCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var command = new Command("verify", "Read everything in the store again, and drop what is damaged.");
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(new(host, options, parsed), cancellationToken)));
        return command;
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var host = context.Host;
        Action<StoreDamage>? show = context.WantsJson ? null : damage => host.Out.WriteLine(Printable.Line(damage.ToString()));
        var found = StoreVerifier.Verify(context.OpenStore(), show, cancellationToken);
        if (context.WantsJson)
            Json.Write(host.Out, VerificationJson.Of(found), CliJson.Default.VerificationJson);
        else
            host.Out.WriteLine(Sum(found));
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
