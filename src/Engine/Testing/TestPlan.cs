using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;

namespace Recipes.Engine.Testing;

/// <summary>One test as data: its root, and the action whose digest is the key of its result.</summary>
/// <param name="Recipe">What is tested.</param>
/// <param name="Trees">What the root is made of.</param>
/// <param name="Yielding">Those of the trees in whose place others' files are taken.</param>
/// <param name="Root">The tree that they merge to.</param>
/// <param name="User">The number of the user it runs as.</param>
/// <param name="Action">The command over the input root.</param>
internal sealed record TestPlan(
    Recipe Recipe,
    ImmutableArray<Digest> Trees,
    ImmutableHashSet<Digest> Yielding,
    Digest Root,
    int User,
    BuildAction Action
)
{
    // Counts up when tests run in another way than before.
    private const string Format = "2";
    private const int Tester = 1000;
    private const string Script = "test/script";
    private const string RunFolder = "run";

    // Traced, since a comparison that fails says nothing.
    private static readonly ImmutableArray<string> Command = ["/bin/sh", "-eux", "/" + Script];

    private static readonly ImmutableSortedDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["HOME"] = "/tmp",
        ["LC_ALL"] = "C",
        ["PATH"] = "/usr/bin",
        ["TZ"] = "UTC",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Assembles the test of a package or image.</summary>
    /// <param name="tested">What is tested.</param>
    /// <param name="root">Its root.</param>
    /// <param name="store">Takes the script.</param>
    /// <exception cref="EngineException">Two trees disagree on a path.</exception>
    public static TestPlan Of(TestedRecipe tested, TestRoot root, ContentStore store)
    {
        var recipe = tested.Recipe;
        var image = (recipe as ImageRecipe)?.Image;
        // An image has accounts of its own; programs of packages want to find their user's name as well.
        var user = image?.StartingAccount.Uid ?? Tester;
        var own = AddOwnTree(tested, withAccounts: image is null, store);
        (string Owner, Digest Tree)[] all = [("the test itself", own), .. root.Trees];
        var merged = BuildRoot.Merge($"the root of {recipe.Name}'s test", all, root.Yielding, store);
        var action = BuildAction.Of(
            Command,
            image is null ? Variables : Variables.SetItems(image.Environment),
            merged,
            LimitsOf(recipe),
            [],
            [("test-format", Format), ("user", user.ToString(CultureInfo.InvariantCulture))]
        );
        return new(recipe, [.. all.Select(x => x.Tree).Distinct()], root.Yielding, merged, user, action);
    }

    /// <summary>The request that runs it.</summary>
    /// <param name="jobs">Jobs at once on the whole machine.</param>
    /// <param name="store">Takes the folders at <c>/run</c>, which is writable, as it is in a container.</param>
    public SandboxRequest Request(int jobs, ContentStore store)
    {
        var limits = LimitsOf(Recipe);
        return new()
        {
            Label = $"{Recipe.Name}-test",
            Root = Trees,
            Yielding = Yielding,
            Mounts = [new("/" + RunFolder, AddRunTree(store), IsWritable: true)],
            Arguments = Action.Arguments,
            Environment = Action.Environment,
            WorkingDirectory = "/tmp",
            User = User,
            MemoryBytes = limits.MemoryBytes,
            Timeout = TimeLimit.Of(limits).Time,
            Processes = limits.Processes,
            Jobs = jobs,
        };
    }

    // What is enough for a build has to be enough for its test.
    internal static BuildLimits LimitsOf(Recipe recipe) => (recipe as PackageRecipe)?.Build.Limits ?? new();

    private Digest AddRunTree(ContentStore store)
    {
        using var scratch = store.CreateScratch(RunFolder);
        var tree = Directory.CreateDirectory(Path.Join(scratch.Path, RunFolder)).FullName;
        foreach (var entry in store.ReadTree(Root).Walk())
        {
            if (entry.Kind == TreeEntryKind.Folder && entry.Path.StartsWith(RunFolder + "/", StringComparison.Ordinal))
                Directory.CreateDirectory(Path.Join(scratch.Path, entry.Path));
        }
        return store.AddTree(tree).Digest;
    }

    private static Digest AddOwnTree(TestedRecipe recipe, bool withAccounts, ContentStore store)
    {
        using var scratch = store.CreateScratch($"{recipe.Name}-test");
        Write(Script, recipe.Test.Script);
        if (withAccounts)
        {
            Write(
                "etc/passwd",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"root:x:0:0:root:/root:/bin/sh\ntester:x:{Tester}:{Tester}:tester:/tmp:/bin/sh\n"
                )
            );
            Write("etc/group", string.Create(CultureInfo.InvariantCulture, $"root:x:0:\ntester:x:{Tester}:\n"));
        }
        return store.AddTree(scratch.Path).Digest;

        void Write(string path, string text)
        {
            var file = Path.Join(scratch.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }
}
