using System.Buffers;
using System.Globalization;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The forms of the strings in a recipe.</summary>
internal static class Forms
{
    private const int MaximumNameLength = 64;
    private const string NamePattern = "[a-z0-9][a-z0-9+.-]{0,63}";
    private const string OutputNamePattern = "[a-z0-9][a-z0-9-]{0,63}";
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789+.-"
    );
    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.~_-"
    );

    public static ValueForm RecipeName { get; } = new("name", RecipeNameFault) { Pattern = $"^{NamePattern}$" };

    public static ValueForm OutputName { get; } =
        new("output name", OutputNameFault) { Pattern = $"^{OutputNamePattern}$" };

    public static ValueForm OutputReference { get; } =
        new("output", OutputReferenceFault) { Pattern = $"^{NamePattern}(:{OutputNamePattern})?$" };

    public static ValueForm Version { get; } =
        new("version", VersionFault) { Pattern = "^[A-Za-z0-9][A-Za-z0-9.+~_-]{0,63}$" };

    /// <summary>A version of Linux.</summary>
    public static ValueForm Kernel { get; } =
        new("kernel version", x =>
            x.Split('.').All(part => part.Length is > 0 and < 5 && part.All(char.IsAsciiDigit))
                ? null
                : "write numbers with dots between them, such as '5.4'"
        )
        {
            Pattern = @"^[0-9]{1,4}(\.[0-9]{1,4})*$",
        };

    public static ValueForm Line { get; } =
        new("text", x => x.Contains('\n', StringComparison.Ordinal) ? "it has to be one line" : NotBlankFault(x));

    public static ValueForm NotBlank { get; } = new("text", NotBlankFault);

    /// <summary>A field of <c>/etc/passwd</c>.</summary>
    public static ValueForm Comment { get; } =
        new("comment", x => x.AsSpan().IndexOfAny(':', '\n') < 0 ? null : "it may have neither ':' nor a line break");

    public static ValueForm License { get; } = new("license", SpdxExpression.Fault);

    public static ValueForm Glob { get; } =
        new("glob", x => Model.Glob.TryParse(x, out _, out var fault) ? null : fault);

    public static ValueForm Size { get; } =
        new("size", x => ByteSize.TryParse(x, out _) ? null : "write a number and a unit, such as '15.82MB' or '8GiB'");

    public static ValueForm Duration { get; } =
        new("duration", x =>
            Durations.TryParse(x, out _) ? null : "write numbers with units, such as '10s', '90m' or '1h30m'"
        );

    public static ValueForm Mode { get; } =
        new("mode", x => FileModes.TryParse(x, out _) ? null : "write three or four octal digits, such as '0755'")
        {
            Pattern = "^[0-7]{3,4}$",
        };

    public static ValueForm Variable { get; } =
        new("variable name", VariableFault) { Pattern = "^[A-Za-z_][A-Za-z0-9_]*$" };

    /// <summary>What steps have in braces.</summary>
    public static ValueForm StepVariable { get; } =
        new("variable name", x =>
            x.Length is > 0 and <= MaximumNameLength
            && char.IsAsciiLetterLower(x[0])
            && x.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
                ? null
                : "variables of steps have a-z, 0-9 and '-', and begin with a letter"
        )
        {
            Pattern = "^[a-z][a-z0-9-]{0,63}$",
        };

    public static ValueForm Port { get; } = new("port", PortFault);

    public static ValueForm Signal { get; } =
        ValueForm.OneOf(
            "signal",
            "SIGTERM",
            "SIGINT",
            "SIGQUIT",
            "SIGHUP",
            "SIGKILL",
            "SIGUSR1",
            "SIGUSR2",
            "SIGWINCH"
        );

    public static ValueForm Account { get; } =
        new("account name", AccountFault) { Pattern = "^[a-z_][a-z0-9_-]{0,31}$" };

    public static ValueForm DebianName { get; } =
        new("Debian package", x => x.Length >= 2 && IsName(x) ? null : "such names have a-z, 0-9, '+', '.' and '-'");

    public static ValueForm Suite { get; } =
        new("suite", x => x.Length > 0 && IsName(x) ? null : "write a suite's name, such as 'bookworm'");

    private static bool IsName(string value) =>
        value.AsSpan().IndexOfAnyExcept(NameCharacters) < 0 && char.IsAsciiLetterOrDigit(value[0]);

    private static string? NotBlankFault(string value) => string.IsNullOrWhiteSpace(value) ? "it is empty" : null;

    private static string? RecipeNameFault(string value)
    {
        if (value.Length == 0)
            return "it is empty";
        if (value.Length > MaximumNameLength)
            return $"it is longer than {MaximumNameLength} characters";
        return IsName(value) ? null : "names have a-z, 0-9, '+', '.' and '-', and begin with a letter or digit";
    }

    private static string? OutputNameFault(string value) =>
        value.Length is > 0 and <= MaximumNameLength && IsName(value) && value.AsSpan().IndexOfAny('+', '.') < 0
            ? null
            : "output names have a-z, 0-9 and '-', and begin with a letter or digit";

    private static string? OutputReferenceFault(string value)
    {
        var (package, output, _) = Model.OutputReference.Parse(value);
        return RecipeNameFault(package) ?? (output is null ? null : OutputNameFault(output));
    }

    private static string? VersionFault(string value)
    {
        if (value.Length is 0 or > MaximumNameLength)
            return value.Length == 0 ? "it is empty" : $"it is longer than {MaximumNameLength} characters";
        return value.AsSpan().IndexOfAnyExcept(VersionCharacters) < 0 && char.IsAsciiLetterOrDigit(value[0])
            ? null
            : "versions have letters, digits, '.', '+', '~', '_' and '-', and begin with a letter or digit";
    }

    private static string? VariableFault(string value) =>
        value.Length > 0 && !char.IsAsciiDigit(value[0]) && value.All(x => char.IsAsciiLetterOrDigit(x) || x == '_')
            ? null
            : "variables have letters, digits and '_', and do not begin with a digit";

    private static string? PortFault(string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var good =
            slash > 0
            && value[(slash + 1)..] is "tcp" or "udp" or "sctp"
            && int.TryParse(value.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= 65535;
        return good ? null : "write a number from 1 to 65535 and tcp, udp or sctp, such as '5432/tcp'";
    }

    private static string? AccountFault(string value) =>
        value.Length is > 0 and <= 32
        && (char.IsAsciiLetterLower(value[0]) || value[0] == '_')
        && value.All(x => char.IsAsciiLetterLower(x) || char.IsAsciiDigit(x) || x is '_' or '-')
            ? null
            : "account names have a-z, 0-9, '_' and '-', at most 32, and begin with a letter or '_'";
}
