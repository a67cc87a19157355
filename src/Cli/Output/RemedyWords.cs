using Recipes.Engine;

namespace Recipes.Cli.Output;

/// <summary>What to type, for what the engine says is to be done.</summary>
internal static class RemedyWords
{
    /// <summary>A message as the command line says it.</summary>
    public static string Of(MessageText message) => message.Render(Of);

    /// <summary>One clause that follows a semicolon, a comma or <c>or</c>.</summary>
    public static string Of(Remedy remedy) =>
        remedy.Kind switch
        {
            RemedyKind.Lock => "run 'recipes lock'",
            RemedyKind.LockAnew => $"run: recipes lock {remedy.Subject}",
            RemedyKind.Fetch => $"run: recipes fetch {remedy.Subject}",
            RemedyKind.Build => $"run: recipes build {remedy.Subject}",
            RemedyKind.BuildFrom => $"run: recipes build {remedy.Subject} --source '{remedy.Detail}'",
            RemedyKind.Compose => $"run: recipes compose {remedy.Subject}",
            RemedyKind.AllowUnpinned => "allow that with --allow-unpinned",
            RemedyKind.VerifyStore => "run 'recipes store verify', then this command again",
            RemedyKind.CollectGarbage => "perhaps with 'recipes store gc --keep SIZE'",
            RemedyKind.ChooseStore => "choose another store with --store or RECIPES_STORE",
            RemedyKind.Install => "'recipes doctor' says how to install it",
            RemedyKind.CheckHost => "run 'recipes doctor'",
            RemedyKind.UseOneJob => "build with --jobs 1",
            RemedyKind.CleanDocker => "run 'recipes doctor --clean', which removes what recipes has left there",
            RemedyKind.UseBubblewrap => "use --sandbox bubblewrap",
            RemedyKind.AllowInsecure => "give --insecure",
            RemedyKind.AcceptUnsigned => "give --unsigned to read the suite's package lists as they come",
            RemedyKind.Bump => $"run: recipes bump {remedy.Subject}",
            RemedyKind.AllowDowngrade => "add --allow-downgrade",
            RemedyKind.DoNotCommit => "leave out --commit",
            RemedyKind.NameTag => "give a tag with --tag",
            RemedyKind.NameArchive => "give a file with --archive",
            RemedyKind.NameVersion => $"write the version: recipes bump {remedy.Subject} VERSION",
            RemedyKind.NameVersionOfArchive => "write it: recipes bump "
                + $"{remedy.Subject} VERSION --archive {remedy.Detail}",
            RemedyKind.NameVersionOfTag => $"write it: recipes bump {remedy.Subject} VERSION --tag {remedy.Detail}",
            RemedyKind.ListVersions => $"run: recipes bump {remedy.Subject} --list",
            RemedyKind.GiveVersion => "add --version VERSION",
            RemedyKind.NameSource => "give either --archive URL, or --git URL --tag TAG, or --debian",
            RemedyKind.NameDebianSource => "give one of them as --debian SOURCE",
            RemedyKind.AcceptContract => $"run: recipes contract accept {remedy.Subject}",
            RemedyKind.AcceptBreak => $"say why: recipes contract accept {remedy.Subject} --reason TEXT",
            _ => remedy.ToString(),
        };
}
