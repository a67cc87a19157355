using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Recipes.Engine;
using Xunit;
using Architecture = ArchUnitNET.Domain.Architecture;

namespace Recipes.Cli.Tests.Documents;

/// <summary>Which folder of the engine uses which, in the compiled assembly.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "Recipes.Engine";

    private static readonly Architecture Assembly = new ArchLoader()
        .LoadAssemblies(typeof(EngineEvent).Assembly)
        .Build();

    /// <summary>Each use of a type by one of another namespace: the namespaces below the root, and the types.</summary>
    private static readonly ILookup<(string From, string To), string> Uses = (
        from type in Assembly.Types
        from used in type.Dependencies.Select(x => x.Target).Distinct()
        where IsOurs(type) && IsOurs(used) && type.Namespace.FullName != used.Namespace.FullName
        select (From: Below(type), To: Below(used), Text: $"{type.FullName} uses {used.FullName}")
    ).ToLookup(x => (x.From, x.To), x => x.Text);

    // What all may use; the door itself none of them may.
    private static readonly string[] Shared =
    [
        "EngineEvent",
        "EngineException",
        "MessageText",
        "Remedy",
        "RemedyKind",
        "IEngineObserver",
        "SilentObserver",
        "DurationText",
        "SizeText",
    ];

    [Fact]
    public void A_folder_uses_only_those_above_it_in_the_table()
    {
        var folders = ArchitectureDocumentTests.Folders;
        var wrong = Uses.Where(x =>
                x.Key is { From.Length: > 0, To.Length: > 0 }
                && folders.IndexOf(Folder(x.Key.To)) > folders.IndexOf(Folder(x.Key.From))
            )
            .SelectMany(x => x);

        Assert.Empty(wrong);
        Assert.Contains(Uses, x => x.Key is { From: "Images", To: "Content" });
    }

    [Fact]
    public void No_folder_is_in_a_circle_with_another_or_with_one_in_it()
    {
        var below = Uses.Where(x => x.Key is { From.Length: > 0, To.Length: > 0 })
            .ToLookup(x => x.Key.From, x => x.Key.To);
        var inCircles = below.Select(x => x.Key).Where(x => Reached(below, x).Contains(x));

        Assert.Empty(inCircles);
        Assert.Contains("Content", Reached(below, "Building.Running"));
    }

    [Fact]
    public void No_folder_uses_the_door_of_the_engine()
    {
        var wrong = Uses.Where(x => x.Key is { From.Length: > 0, To: "" })
            .SelectMany(x => x)
            .Where(x => !Shared.Any(shared => x.EndsWith($" uses {Root}.{shared}", StringComparison.Ordinal)));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_private_fields_of_instances_begin_with_a_small_letter()
    {
        var fields = new[] { typeof(EngineEvent).Assembly, typeof(CommandLine).Assembly }
            .SelectMany(x => x.GetTypes())
            .Where(x => !x.IsEnum && !IsGenerated(x) && x.Namespace != $"{Root}.Content.Protocol")
            .SelectMany(x =>
                x.GetFields((BindingFlags)(-1) & ~BindingFlags.IgnoreCase & ~BindingFlags.FlattenHierarchy)
            )
            .Where(x => char.IsLetter(x.Name[0]) && x.DeclaringType!.GetEvent(x.Name) is null)
            .ToList();

        Assert.NotEmpty(fields);
        Assert.Empty(
            fields
                .Where(x => char.IsUpper(x.Name[0]) != (x.IsStatic || !x.IsPrivate))
                .Select(x => $"{x.DeclaringType}.{x.Name}")
        );
        Assert.Empty(fields.Where(x => x.Name.Contains('_', StringComparison.Ordinal)).Select(x => x.Name));
    }

    private static bool IsGenerated(System.Type type) =>
        type.Name.Contains('<', StringComparison.Ordinal)
        || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || type.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        || (type.DeclaringType is { } outer && IsGenerated(outer));

    // A type that the compiler adds to an assembly has no namespace.
    private static bool IsOurs(IType type) =>
        type.Namespace?.FullName is { } name
        && (name == Root || name.StartsWith(Root + ".", StringComparison.Ordinal))
        && type.FullName.StartsWith(Root, StringComparison.Ordinal);

    private static string Below(IType type) => type.Namespace.FullName[Root.Length..].TrimStart('.');

    private static HashSet<string> Reached(ILookup<string, string> uses, string from)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var next))
        {
            foreach (var to in uses[next].Where(reached.Add))
                open.Enqueue(to);
        }
        return reached;
    }

    private static string Folder(string below) => below.Split('.')[0];
}
