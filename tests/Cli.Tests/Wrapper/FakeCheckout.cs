namespace Recipes.Cli.Tests.Wrapper;

/// <summary>
/// A folder with the real wrapper, a source file, a <c>gcc</c> that links, and a <c>dotnet</c> that "compiles" by
/// writing a script, so that what is tested is the wrapper alone: the script answers with the source's text and its
/// arguments, a line each.
/// </summary>
internal sealed class FakeCheckout : IDisposable
{
    private const string Compiler = """
        #!/bin/sh
        echo "compiling $*" >> "$COMPILER_LOG"
        case "$*" in *Native=true*) [ ! -e "$NO_NATIVE" ] || { echo 'no native compiler here'; exit 1; } ;; esac
        out=
        while [ $# -gt 0 ]; do [ "$1" != -o ] || out=$2; shift; done
        text=$(cat "$SOURCE")
        [ "$text" != broken ] || { echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1; }
        [ "$text" != stopped ] || exit 0
        sleep "${COMPILE_SECONDS:-0}"
        printf '#!/bin/sh\nprintf "%%s\\n" "%s" "$@"\n' "$text" > "$out/recipes"
        chmod +x "$out/recipes"
        """;

    private readonly TemporaryDirectory folder = new();

    public FakeCheckout()
    {
        Directory.CreateDirectory(folder.Join("check out"));
        File.Copy(Path.Join(Checkout.Root, "recipes"), Wrapper);
        folder.Write("check out/src/Cli/publish.sh", "");
        File.Copy(
            Path.Join(Checkout.Root, "src/Cli/publish.sh"),
            folder.Join("check out", "src/Cli/publish.sh"),
            overwrite: true
        );
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "global.json"])
            folder.Write($"check out/{file}", "");
        MakeExecutable(folder.Write("bin/dotnet", Compiler));
        MakeExecutable(folder.Write("bin/gcc", "#!/bin/sh\nfor last; do :; done\n: > \"$last\"\n"));
        Write("first");
    }

    public string Folder => folder.Path;

    public string Wrapper => folder.Join("check out", "recipes");

    public string[] Compilations => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    private string Log => folder.Join("compiler.log");

    public void Write(string text) => folder.Write("check out/src/Cli/Program.cs", text);

    public void ForbidNative() => folder.Write("no native", "");

    /// <summary>Commits everything in it; the commit.</summary>
    public async Task<string> CommitAsync()
    {
        const string script = """
            git init --quiet && echo artifacts/ > .gitignore && git add . &&
            git -c user.name=x -c user.email=x commit --quiet --message all && git rev-parse HEAD
            """;
        return (await ProgramRun.OfAsync("/bin/sh", ["-c", script], folder.Join("check out"))).Out.Trim();
    }

    public Task<ProgramRun> RunAsync(params string[] arguments) => RunAtAsync(Wrapper, folder.Path, arguments);

    public Task<ProgramRun> RunAtAsync(string wrapper, string from, params string[] arguments) =>
        ProgramRun.OfAsync(
            wrapper,
            arguments,
            from,
            ("PATH", $"{folder.Join("bin")}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("COMPILER_LOG", Log),
            ("SOURCE", folder.Join("check out", "src", "Cli", "Program.cs")),
            ("NO_NATIVE", folder.Join("no native")),
            ("COMPILE_SECONDS", "0.3"),
            ("RECIPES_INSTALL", "no")
        );

    public void Dispose() => folder.Dispose();

    private static void MakeExecutable(string file) =>
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
