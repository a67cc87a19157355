using System.Globalization;
using System.Text;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;

namespace Recipes.Engine.Contracts;

/// <summary>Reads from an image what its users can rely on.</summary>
/// <param name="image">The image.</param>
/// <param name="terms">What it does not tell itself.</param>
internal sealed class ContractReader(ImageContent image, ContractTerms terms)
{
    private const int AnyExecute = 0b001_001_001;
    private const int UsualFolder = 0b111_101_101;
    private const int UsualFile = 0b110_100_100;

    private static readonly HashSet<string> ProgramFolders = new(StringComparer.Ordinal)
    {
        "bin",
        "sbin",
        "usr/bin",
        "usr/local/bin",
        "usr/local/sbin",
        "usr/sbin",
    };

    private readonly PathFilter paths = PathFilter.Of(terms.Paths);

    /// <summary>All of it.</summary>
    public static Contract Read(ImageContent image, ContractTerms terms) =>
        new(new ContractReader(image, terms).Items().DistinctBy(x => (x.Kind, x.Name)));

    private IEnumerable<ContractItem> Items() =>
        Accounts()
            .Concat(Programs())
            .Concat(Libraries())
            .Concat(image.Files.Files.Values.Where(IsPromised).Select(PathItem))
            .Concat(Settings())
            .Concat(Limits());

    private IEnumerable<ContractItem> Accounts()
    {
        foreach (var line in Lines("etc/passwd"))
        {
            if (line.Split(':') is [var name, _, var uid, var gid, _, var home, var shell])
                yield return new(ContractKind.Account, name, $"{uid}:{gid} {home} {shell}");
        }
        foreach (var line in Lines("etc/group"))
        {
            if (line.Split(':') is [var name, _, var gid, ..])
                yield return new(ContractKind.Group, name, gid);
        }
    }

    private string[] Lines(string path) =>
        image.Files.Text(image.Files.Resolve(path)) is { } bytes
            ? Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [];

    private IEnumerable<ContractItem> Programs() =>
        image
            .Files.Files.Values.Where(x => ProgramFolders.Contains(FolderOf(x.Path)) && IsProgram(x.Path))
            .Select(x => new ContractItem(ContractKind.Command, "/" + x.Path));

    private bool IsProgram(string path) =>
        image.Files.Files.GetValueOrDefault(image.Files.Resolve(path)) is { Kind: TreeEntryKind.File } file
        && (file.Mode & AnyExecute) != 0;

    private IEnumerable<ContractItem> Libraries()
    {
        foreach (var (path, elf) in image.Files.ElfFiles())
        {
            if (elf.Interpreter is { } interpreter && IsProgram(interpreter))
                yield return new(ContractKind.Interpreter, interpreter);
            if (new SideFile(path, elf) is not { Soname: { } soname } library || !IsFoundAs(soname, path))
                continue;
            yield return new(ContractKind.Soname, soname);
            foreach (var symbol in library.Exported)
                yield return new(ContractKind.Symbol, $"{soname} {symbol}");
        }
    }

    private bool IsFoundAs(string soname, string path) =>
        LibrarySearch
            .DefaultFolders.Select(x => image.Files.Resolve($"{x}/{soname}"))
            .FirstOrDefault(image.Files.Files.ContainsKey) == path;

    /// <summary>
    /// Files of the configuration, what has an owner or mode of its own, and what the stack names. Nobody sees the mode
    /// of a link.
    /// </summary>
    private bool IsPromised(ListedFile file) =>
        file.Path.StartsWith("etc/", StringComparison.Ordinal)
        || paths.Matches(file.Path)
        || (file.Uid, file.Gid) != (0, 0)
        || file.Capabilities != default
        || (
            file.Kind != TreeEntryKind.Link
            && file.Mode != UsualFolder
            && (file.Kind == TreeEntryKind.Folder || file.Mode != UsualFile)
        );

    private static ContractItem PathItem(ListedFile file)
    {
        var kind = file.Kind switch
        {
            TreeEntryKind.Folder => "folder",
            TreeEntryKind.Link => "link",
            _ => "file",
        };
        var mode = file.Kind == TreeEntryKind.Link ? "" : $" {Convert.ToString(file.Mode, 8).PadLeft(4, '0')}";
        return new(
            ContractKind.Path,
            "/" + file.Path,
            string.Create(CultureInfo.InvariantCulture, $"{kind}{mode} {file.Uid}:{file.Gid} {file.Capabilities}")
                .TrimEnd()
        );
    }

    /// <summary>What an image leaves unsaid has the value that a container engine takes.</summary>
    private IEnumerable<ContractItem> Settings()
    {
        yield return new(ContractKind.User, "", Setting("User", "root"));
        yield return new(ContractKind.StopSignal, "", Setting("StopSignal", "SIGTERM"));
        yield return new(ContractKind.WorkingDirectory, "", Setting("WorkingDir", "/"));
        foreach (var (name, value) in image.Settings)
        {
            if (name.Split(' ', 2) is not [var key, var what])
                continue;
            if (key == "Env")
                yield return new(ContractKind.Environment, what, value);
            else if (key == "ExposedPorts")
                yield return new(ContractKind.Port, what);
            else if (key == "Volumes")
                yield return new(ContractKind.Volume, what);
        }
    }

    private string Setting(string name, string unsaid) =>
        image.Settings.GetValueOrDefault(name) is { Length: > 0 } said ? said : unsaid;

    private IEnumerable<ContractItem> Limits()
    {
        if (terms.SizeLimit is { } size)
            yield return new(ContractKind.Size, "", size.ToString(CultureInfo.InvariantCulture));
        if (terms.Kernel is { } kernel)
            yield return new(ContractKind.Kernel, "", kernel);
    }

    private static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
