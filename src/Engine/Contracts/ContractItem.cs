using System.Collections.Frozen;

namespace Recipes.Engine.Contracts;

/// <summary>What a line of a contract is about.</summary>
internal enum ContractKind
{
    /// <summary>An account: its name → <c>uid:gid home shell</c>.</summary>
    Account,

    /// <summary>The absolute path of a program.</summary>
    Command,

    /// <summary>A variable of the environment → its value.</summary>
    Environment,

    /// <summary>A group: its name → its number.</summary>
    Group,

    /// <summary>The absolute path of a program interpreter, such as the dynamic linker.</summary>
    Interpreter,

    /// <summary>The oldest kernel that it runs on.</summary>
    Kernel,

    /// <summary>An absolute path → <c>file 0644 0:0</c>, with <c>file</c>, <c>folder</c> or <c>link</c>.</summary>
    Path,

    /// <summary>A port: <c>5432/tcp</c>.</summary>
    Port,

    /// <summary>The most bytes that its files may have.</summary>
    Size,

    /// <summary>A library that the dynamic linker finds by this name.</summary>
    Soname,

    /// <summary>The signal that stops it.</summary>
    StopSignal,

    /// <summary>
    /// A symbol that a library exports: <c>libz.so.1 adler32</c>, with <c>@VERSION</c> where there is one.
    /// </summary>
    Symbol,

    /// <summary>The user that it runs as.</summary>
    User,

    /// <summary>The absolute path of a volume.</summary>
    Volume,

    /// <summary>The folder that it starts in.</summary>
    WorkingDirectory,
}

/// <summary>One thing that is promised.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">What tells it from others of its kind; empty for what there is once.</param>
/// <param name="Value">What is said of it; null where its being there is all.</param>
internal sealed record ContractItem(ContractKind Kind, string Name, string? Value = null)
{
    private static readonly FrozenDictionary<string, ContractKind> Kinds = Enum.GetValues<ContractKind>()
        .ToFrozenDictionary(x => ContractLine.WordOf(x.ToString()), StringComparer.Ordinal);

    /// <summary>The words with which lines begin.</summary>
    public static IEnumerable<string> Words => Kinds.Keys;

    /// <summary>What a line says; null where its word means nothing.</summary>
    public static ContractItem? Of(string word, string name, string? value) =>
        Kinds.TryGetValue(word, out var kind) ? new(kind, name, value) : null;

    /// <summary>Its line in a contract: <c>user = root</c>, <c>account web = 33:33 / /bin/sh</c>.</summary>
    public override string ToString() => ContractLine.Write(Kind.ToString(), Name, Value);
}
