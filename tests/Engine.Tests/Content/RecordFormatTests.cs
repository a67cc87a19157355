using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Images;
using Recipes.Engine.Inspection;
using Recipes.Engine.Model;
using Recipes.Engine.Registries.Pushing;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Patching;
using Recipes.Engine.Testing;
using Recipes.Engine.Tests.Building;
using Recipes.Engine.Tests.Images;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Content;

/// <summary>
/// The names and documents of all records, so that the stores of today are still read tomorrow. What moves in the
/// golden file makes everybody build, compose or upload again.
/// </summary>
public sealed class RecordFormatTests : IDisposable
{
    private const string Compressed = "(depends on the runtime's deflate)";

    private readonly TemporaryDirectory directory = new();
    private readonly ContentStore store;

    public RecordFormatTests() => store = ContentStore.Open(directory.Join("store"));

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Records_keep_their_names_and_documents()
    {
        var text = new StringBuilder();
        Note(text, "action", WriteAction);
        Note(text, "action, CPU time unknown", () =>
            new PackageRecords(store).AddStage(D("action"), D("stage"), TimeSpan.FromSeconds(2), null)
        );
        Note(text, "package", WritePackage);
        Note(text, "providers", FindProviders);
        Note(text, "root", () =>
            ActionParts.KeepRoot(D("action"), [("zlib:main", D("zlib")), ("/build", D("source"))], store)
        );
        Note(text, "test", () => new TestRecords(store).Add(D("action"), TimeSpan.FromSeconds(1.25)));
        Note(text, "history", () => new BuildHistory(store).Add("zlib", new(1.5, 3, D("action"))));
        Note(text, "unpinned", () => Unpinned.Mark(new("zlib", "/home/me/zlib", D("tree"))));
        Note(text, "unpinned, forgotten", () => Unpinned.Forget("zlib"));
        Note(text, "patched", () =>
            new PatchedTrees(store).Keep(
                PatchedTrees.KeyOf([("build", D("source"))], [new("build", TestRecipe.Package("gmp"), "no-doc.patch")]),
                [("build", D("patched"))]
            )
        );
        Note(text, "committed", () =>
            store.WriteRecord(
                CommittedTrees.Records,
                CommittedTrees.KeyOf(
                    new('a', 40),
                    SourceFixture.Source(null) with
                    {
                        Path = "src",
                        Except = ["docs/**"],
                    }
                ),
                new(D("tree"))
            )
        );
        Note(text, "pushed", () => new PushMemory(store, "registry.example.org", D("blob")).Remember("library/one"));
        Note(text, "pushed, twice", () =>
            new PushMemory(store, "registry.example.org", D("blob")).Remember("library/two")
        );
        Note(text, "log", WriteLog);
        Note(text, "merge", () => store.Merge([("a", Keep("usr/a")), ("b", Keep("usr/b"))]));
        Note(text, "place", () => store.Place(Keep("usr/a"), [("build", Keep("src")), ("recipe", Keep("run"))]));
        Note(text, "layer", () => WriteLayer());
        Note(text, "layer of trees", () => new TreeArchive(store).Measure([store.AddTree(Filled().Path).Digest]));
        Note(text, "image", () => WriteImage());
        Note(text, "archive of an image", () => OciArchive.Write(Bare(), directory.Join("bare.tar"), store));
        Note(text, "root of an image", () =>
            ImageRoot.Of(Bare() with { Layers = [new("p", null, 1, 1, default, WriteLayer().Blob)] }, store)
        );

        Golden.Matches("records.txt", text.ToString());
    }

    [Fact]
    public void Results_of_builds_keep_their_keys()
    {
        var recipe = TestRecipe.Package(
            "hello",
            "autotools",
            TestRecipe.Output("tools", "usr/bin/*", "usr/sbin/*")
        ) with
        {
            Folder = Directory.CreateDirectory(directory.Join("pkg")).FullName,
            Waivers = [new("rpath", "usr/lib/**", "for tests")],
            Permissions = [new("usr/bin/su", Convert.ToInt32("4755", 8), 0, 0)],
        };
        store.AddListing(Tree.Empty);
        var plan = PackagePlan.Of(recipe, new([], [], Tree.Empty.Digest, []), [], store);

        var text =
            $"6\n{plan.Action.Digest}\n"
            + "output tools False\tusr/bin/*\tusr/sbin/*\nrequires\n"
            + "output dev True\tusr/include/**\tusr/lib/*.a\tusr/lib/*.so\tusr/lib/pkgconfig/**\nrequires\n"
            + "output doc True\tusr/share/doc/**\tusr/share/man/**\nrequires\n"
            + "output main True\nrequires\n"
            + "waive\trpath\tusr/lib/**\n"
            + "permit\tusr/bin/su\t2541\n";
        Assert.Equal(D(text), plan.ResultKey);
        Assert.Equal(D($"resumed\n{plan.ResultKey}\n"), plan.ResumedAction);
    }

    [Fact]
    public void A_record_begins_with_the_digest_of_its_kind_key_and_document()
    {
        WriteAction();
        WritePackage();
        new BuildHistory(store).Add("zlib", new(1.5, null, D("action")));

        var records = Records().ToList();

        Assert.Equal(["action", "history", "package"], records.Select(Folder).Order(StringComparer.Ordinal));
        Assert.All(records, path =>
        {
            var (bytes, folder) = (File.ReadAllBytes(path), Folder(path));
            var kind = char.ToUpperInvariant(folder[0]) + folder[1..];
            var signed = Encoding
                .ASCII.GetBytes($"{kind}\n{Path.GetFileName(path)}\n")
                .Concat(bytes.Skip(32))
                .ToArray();
            Assert.Equal(SHA256.HashData(signed), bytes[..32]);
        });
    }

    [Fact]
    public void Every_kind_of_record_that_is_declared_is_told_to_the_store()
    {
        var declared = typeof(ContentStore)
            .Assembly.GetTypes()
            .Where(x => !x.ContainsGenericParameters)
            .SelectMany(x => x.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(x => x.PropertyType.IsSubclassOf(typeof(RecordType)))
            .Select(x => (RecordType)x.GetValue(null)!)
            .ToHashSet();

        Assert.Equal(declared, DeclaredRecords.All.Concat(StoreRecords.All).ToHashSet());
        Assert.Equal(
            "action Result, committed Derived, contract Derived, history Derived, image Lasting, layer Lasting, log Lasting, "
                + "merge Derived, package Result, patched Derived, providers Result, push Lasting, root Result, stamp Derived, "
                + "test Result, "
                + "unpinned Lasting",
            string.Join(", ", declared.Select(x => $"{x.Name} {x.Role}").Distinct().Order(StringComparer.Ordinal))
        );
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"stage\":\"no digest\",\"seconds\":1}")]
    [InlineData("a text")]
    public void A_document_of_another_form_counts_as_absent(string document)
    {
        store.WriteRecord(RawRecords.Action, D("action"), Encoding.UTF8.GetBytes(document));

        Assert.Null(store.FindRecord(PackageRecords.Actions, D("action")));
        Assert.Null(new PackageRecords(store).FindStage(D("action")));
        Assert.NotNull(store.FindRecord(RawRecords.Action, D("action")));
    }

    private UnpinnedSources Unpinned =>
        new(new Workspace("/home/me/project", Workspace.Load(directory.Path).Recipes, []), store);

    private static Digest D(string text) => Digest.Of(Encoding.UTF8.GetBytes(text));

    private void WriteAction() =>
        new PackageRecords(store).AddStage(D("action"), D("stage"), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(3));

    private void WritePackage() =>
        new PackageRecords(store).AddOutputs(
            D("result"),
            D("action"),
            [
                new("dev", D("dev"), 7, new([]), []),
                new(
                    "main",
                    D("main"),
                    12,
                    new([new("usr/lib/libz.so.1", "libz.so.1", ["libc.so"], ["$ORIGIN"], null)]),
                    ["musl:main"]
                ),
            ]
        );

    private void FindProviders()
    {
        var zlib = ResultOf(
            "zlib",
            Keep("usr/lib/libz.so.1"),
            new FileScan("usr/lib/libz.so.1", "libz.so.1", [], [], null)
        );
        var tool = ResultOf(
            "tool",
            Keep("usr/bin/tool"),
            new FileScan("usr/bin/tool", null, ["libz.so.1"], [], null),
            "zlib:main"
        );
        var results = new Dictionary<string, BuiltPackage>(StringComparer.Ordinal) { ["zlib"] = zlib, ["tool"] = tool };
        var root = new Dictionary<string, BuiltOutput>(StringComparer.Ordinal) { ["tool:main"] = tool.Outputs["main"] };
        Assert.Equal(["zlib:main"], new RuntimeProviders(store).Missing(root, results));
    }

    private static BuiltPackage ResultOf(string name, Digest tree, FileScan file, params string[] candidates) =>
        new(
            TestRecipe.Package(name),
            tree,
            ImmutableSortedDictionary<string, BuiltOutput>.Empty.Add("main", new("main", tree, 0, new([file]), [])),
            [.. candidates]
        );

    private void WriteLog()
    {
        File.WriteAllText(store.BeginLog(D("action")), "==> configure\n");
        store.EndLog(D("action"));
    }

    private Digest Keep(string path)
    {
        var builder = new TreeBuilder();
        builder.AddFile(path, D(path), isExecutable: false);
        var tree = builder.Build();
        store.AddListing(tree);
        return tree.Digest;
    }

    private ScratchDirectory Filled()
    {
        var scratch = store.CreateScratch("test");
        Directory.CreateDirectory(Path.Join(scratch.Path, "usr"));
        File.WriteAllText(Path.Join(scratch.Path, "usr", "file"), "content");
        return scratch;
    }

    private StoredLayer WriteLayer()
    {
        var file = directory.Join("content");
        File.WriteAllText(file, "content");
        return LayerWriter.Write(
            new(
                "layer",
                null,
                "layer",
                [
                    new("usr", TreeEntryKind.Folder, FileOwnership.Folder, default, null, null),
                    new(
                        "usr/file",
                        TreeEntryKind.File,
                        new(Convert.ToInt32("4755", 8), 70, 71),
                        D("content"),
                        file,
                        null
                    ),
                    new("usr/link", TreeEntryKind.Link, FileOwnership.Link, default, null, "file"),
                ]
            ),
            store,
            SilentObserver.Instance,
            CancellationToken.None
        );
    }

    private ImageResult WriteImage()
    {
        var packages = new FakePackages(store).Add("tool", "usr/bin/tool*=50B");
        var recipe = FakePackages.Image(FakePackages.Spec("tool") with { Entrypoint = ["/usr/bin/tool"] });
        return ImageComposer.Compose(recipe, packages.Closure(recipe), store).Image!;
    }

    // Its digests depend on nothing that is compressed.
    private ImageResult Bare() => new("bare", "bare:1.0", store.AddBlob("manifest"u8), store.AddBlob("{}"u8), []);

    private IEnumerable<string> Records() =>
        Directory
            .EnumerateFiles(store.Layout.Records, "*", SearchOption.AllDirectories)
            .Where(x => Folder(x) != "stamp");

    private static string Folder(string record) =>
        Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(record)!)!);

    // What is new or changed since the last note.
    private void Note(StringBuilder text, string title, Action write)
    {
        var before = Records().ToDictionary(x => x, File.ReadAllBytes);
        write();
        foreach (var path in Records().Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(path);
            if (before.TryGetValue(path, out var old) && old.AsSpan().SequenceEqual(bytes))
                continue;
            var document = Encoding.UTF8.GetString(bytes.AsSpan(32));
            foreach (
                var blob in Directory
                    .EnumerateFiles(store.Layout.Blobs, "*", SearchOption.AllDirectories)
                    .Where(IsUnstable)
            )
                document = document.Replace($"{Digest.OfFile(blob)}", Compressed, StringComparison.Ordinal);
            text.Append(title)
                .Append(": ")
                .Append(Path.GetRelativePath(store.Layout.Root, path))
                .Append('\n')
                .Append(document.TrimEnd('\n'))
                .Append("\n\n");
        }
    }

    // Compressed layers, and the manifests that name them.
    private static bool IsUnstable(string blob)
    {
        var bytes = File.ReadAllBytes(blob);
        return bytes.AsSpan().StartsWith((byte[])[0x1f, 0x8b]) || bytes.AsSpan().IndexOf("gzip"u8) >= 0;
    }
}
