using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text;
using Recipes.Engine.Workspaces.Format;

namespace Recipes.Cli.Output;

/// <summary>The manual page in the language of man(7), drawn from the commands and from the recipe format.</summary>
internal sealed class ManualPage
{
    private readonly StringBuilder text = new();

    private ManualPage() { }

    /// <summary>The whole page, a pure function of the program.</summary>
    public static string Write(RootCommand root)
    {
        var page = new ManualPage();
        page.Head(root);
        page.Section("COMMANDS");
        foreach (var command in root.Subcommands.Where(x => !x.Hidden))
            page.Command(command, "recipes");
        page.Section("OPTIONS");
        page.Text("Every command takes these.");
        foreach (var option in root.Options.Where(x => x.Recursive && !x.Hidden))
            page.Option(option);
        page.Format();
        page.Tail();
        return page.text.ToString();
    }

    private void Head(RootCommand root)
    {
        var program = typeof(ManualPage).Assembly;
        var version = ProgramVersion.OfThisProgram().Number;
        var date = program.GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "ReleaseDate").Value;
        Line($".TH RECIPES 1 {date} \"recipes {version}\" \"User Commands\"");
        Section("NAME");
        Line("recipes \\- build software from pinned source, and compose tiny container images");
        Section("SYNOPSIS");
        Line(".B recipes");
        Line("\\fICOMMAND\\fR [\\fIARGUMENT\\fR ...] [\\fIOPTION\\fR ...]");
        Section("DESCRIPTION");
        Text(root.Description!);
        Line(".PP");
        Text(
            "A recipe is a file pkgs/NAME/recipe.toml. What was built is kept by its content, so that a change "
                + "rebuilds what it changes."
        );
    }

    private void Command(Command command, string parent)
    {
        var path = $"{parent} {command.Name}";
        if (command.Subcommands.Count > 0)
        {
            foreach (var inner in command.Subcommands.Where(x => !x.Hidden))
                Command(inner, path);
            return;
        }
        Line($".SS {Escape(path)}{string.Concat(command.Arguments.Select(x => " " + Escape(Written(x))))}");
        Text(command.Description!);
        foreach (var argument in command.Arguments.Where(x => x.Description is not null))
            Item($"\\fI{Escape(argument.Name)}\\fR", argument.Description!);
        foreach (var option in command.Options.Where(x => !x.Hidden && !x.Recursive))
            Option(option);
    }

    private static string Written(Argument argument) =>
        (argument.Arity.MinimumNumberOfValues, argument.Arity.MaximumNumberOfValues) switch
        {
            (0, 1) => $"[{argument.Name}]",
            (0, _) => $"[{argument.Name} ...]",
            (_, 1) => argument.Name,
            _ => $"{argument.Name} ...",
        };

    private void Option(Option option)
    {
        var names = string.Join(
            ", ",
            option.Aliases.Order(StringComparer.Ordinal).Prepend(option.Name).Select(x => $"\\fB{Escape(x)}\\fR")
        );
        Item(option.HelpName is { } value ? $"{names} \\fI{Escape(value)}\\fR" : names, option.Description ?? "");
    }

    private void Format()
    {
        Section("RECIPES");
        Text("The tables and keys of recipe.toml.");
        foreach (var table in RecipeFormat.Tables())
        {
            Line($".SS {Escape(table.Header)}");
            Text(table.Meaning);
            foreach (var key in table.Keys)
                Item($"\\fB{Escape(key.Name)}\\fR ({Escape(FormatView.Signature(key))})", key.Meaning);
        }
    }

    private void Tail()
    {
        Section("ENVIRONMENT");
        Item(
            "\\fBRECIPES_STORE\\fR, \\fBXDG_CACHE_HOME\\fR",
            "Where the store is, unless --store says so: $RECIPES_STORE, or recipes in $XDG_CACHE_HOME or in ~/.cache."
        );
        Item("\\fBNO_COLOR\\fR, \\fBCI\\fR", "With either of them progress is plain text, one line an event.");
        Section("EXIT STATUS");
        Item("0", "Success; for a question: yes.");
        Item(
            "1",
            "A build or check failed; for a question: no. diff returns 1 if the sides differ, and 2 if it cannot be "
                + "told."
        );
        Item("2", "The command line was wrong.");
        Section("SEE ALSO");
        Line("recipes help TOPIC, recipes COMMAND \\-\\-help");
    }

    private void Section(string name) => Line($".SH {name}");

    private void Item(string term, string meaning)
    {
        Line(".TP");
        Line(term);
        Text(meaning);
    }

    private void Text(string plain) => Line(Escape(plain));

    private void Line(string roff) => text.Append(roff).Append('\n');

    /// <summary>Plain text as roff: no sign of it is a request or an escape.</summary>
    private static string Escape(string plain)
    {
        var roff = new StringBuilder(plain.StartsWith('.') || plain.StartsWith('\'') ? "\\&" : "");
        foreach (var rune in plain.EnumerateRunes())
        {
            roff.Append(
                rune.Value switch
                {
                    '\\' => "\\e",
                    '-' => "\\-",
                    '~' => "\\(ti",
                    '^' => "\\(ha",
                    '\'' => "\\(aq",
                    > 126 => string.Create(CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]"),
                    _ => rune.ToString(),
                }
            );
        }
        return roff.ToString();
    }
}
