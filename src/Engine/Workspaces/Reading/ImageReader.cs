using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>Reads <c>[image]</c>.</summary>
internal static class ImageReader
{
    private const int FileMode = 0b110_100_100;
    private const int DirectoryMode = 0b111_101_101;

    public static ImageSpec Read(CheckedTable table, RecipeContext context)
    {
        var accounts = table.Tables("accounts");
        CheckAccounts(accounts, context);
        CheckUser(table.Text("user"), accounts, context);
        CheckPaths([.. table.Tables("files"), .. table.Tables("directories")], context);
        var limits = table.Table("limits");
        return new ImageSpec
        {
            Include = context.Outputs(table, "include"),
            Prebuilt = [.. table.Texts("prebuilt").Select(x => context.Recipe(x)!)],
            Exclude = RecipeContext.Strings(table, "exclude"),
            Entrypoint = RecipeContext.Strings(table, "entrypoint"),
            Cmd = RecipeContext.Strings(table, "cmd"),
            Environment = RecipeContext.Map(table, "environment"),
            Labels = RecipeContext.Map(table, "labels"),
            WorkingDirectory = table.Text("working-directory")?.Value,
            User = table.Text("user")?.Value,
            StopSignal = table.Text("stop-signal")?.Value,
            Ports = RecipeContext.Strings(table, "ports"),
            Volumes = RecipeContext.Strings(table, "volumes"),
            Healthcheck = Healthcheck(table.Table("healthcheck")),
            Accounts = [.. accounts.Select(Account)],
            Files = [.. table.Tables("files").Select(x => ReadFile(x, context))],
            Directories = [.. table.Tables("directories").Select(x => ReadDirectory(x, context))],
            SizeLimit = RecipeContext.Size(limits?.Text("size")),
            Forbid = limits is null ? [] : RecipeContext.Strings(limits, "forbid"),
            Span = context.Span(table.Range),
            LimitsSpan = limits is null ? null : context.Span(limits.Range),
        };
    }

    private static HealthcheckSpec? Healthcheck(CheckedTable? table) =>
        table is null
            ? null
            : new HealthcheckSpec(
                RecipeContext.Strings(table, "command"),
                RecipeContext.Duration(table.Text("interval")),
                RecipeContext.Duration(table.Text("timeout")),
                RecipeContext.Duration(table.Text("start-period")),
                table.Integer("retries")
            );

    private static AccountSpec Account(CheckedTable table)
    {
        var uid = table.Integer("uid") ?? 0;
        return new AccountSpec(
            table.Text("name")?.Value ?? "",
            uid,
            table.Integer("gid") ?? uid,
            table.Text("home")?.Value ?? "/",
            table.Text("shell")?.Value ?? "/bin/sh",
            table.Text("comment")?.Value ?? ""
        );
    }

    private static ImageFileSpec ReadFile(CheckedTable table, RecipeContext context)
    {
        if (table.Place("source") is null && table.Place("content") is null)
            context.Fault(table.Range, "a file needs 'source' or 'content'");
        context.Exclude(table, "source", "content", "'source' and 'content' exclude each other");
        if (table.Text("source") is { } source)
            context.DemandFile(source);
        return new ImageFileSpec(
            table.Text("path")?.Value ?? "",
            table.Text("source")?.Value,
            table.Text("content")?.Value,
            RecipeContext.Mode(table.Text("mode")) ?? FileMode,
            table.Integer("uid") ?? 0,
            table.Integer("gid") ?? 0,
            context.Span(table.Range)
        );
    }

    private static ImageDirectorySpec ReadDirectory(CheckedTable table, RecipeContext context) =>
        new(
            table.Text("path")?.Value ?? "",
            RecipeContext.Mode(table.Text("mode")) ?? DirectoryMode,
            table.Integer("uid") ?? 0,
            table.Integer("gid") ?? 0,
            context.Span(table.Range)
        );

    private static void CheckAccounts(IReadOnlyList<CheckedTable> accounts, RecipeContext context)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "root" };
        var uids = new HashSet<int>();
        foreach (var account in accounts)
        {
            if (account.Text("name") is { } name && !names.Add(name.Value))
                context.Fault(
                    name.Range,
                    name.Value == "root"
                        ? "the account 'root' is always there"
                        : $"there are two accounts '{name.Value}'"
                );
            if (account.Integer("uid") is { } uid && !uids.Add(uid))
                context.Fault(account.Place("uid")!.Value, $"there are two accounts with the uid {uid}");
        }
    }

    private static void CheckUser(TomlText? user, IReadOnlyList<CheckedTable> accounts, RecipeContext context)
    {
        if (user is null || user.Value == "root" || IsNumeric(user.Value))
            return;
        var names = accounts.Select(x => x.Text("name")?.Value).OfType<string>().ToArray();
        if (!names.Contains(user.Value))
            context.Fault(
                user.Range,
                Suggestion.Append(
                    $"the image has no account '{user.Value}'; add it to [[image.accounts]]",
                    user.Value,
                    names
                )
            );
    }

    private static bool IsNumeric(string user) =>
        user.Split(':') is { Length: 1 or 2 } ids
        && ids.All(x => int.TryParse(x, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static void CheckPaths(IReadOnlyList<CheckedTable> tables, RecipeContext context)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in tables.Select(x => x.Text("path")).OfType<TomlText>())
        {
            if (!seen.Add(path.Value))
                context.Fault(path.Range, $"the path '{path.Value}' is written twice");
        }
    }
}
