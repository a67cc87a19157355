using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Releasing;

/// <summary>
/// A root of exactly what apt would install for a package: its files, Debian's essential packages, and whatever it
/// depends on, in turn. They are copied from this machine, which has them installed.
/// </summary>
internal sealed class DebianRoot(string folder)
{
    // What every package may have of its own, and no program here needs.
    private static readonly string[] LeftOut =
    [
        "/usr/share/doc/",
        "/usr/share/info/",
        "/usr/share/locale/",
        "/usr/share/man/",
        "/var/",
    ];

    /// <summary>Installs a <c>.deb</c> there.</summary>
    public async Task InstallAsync(string package)
    {
        var installed = await InstalledAsync();
        var depends = await Programs.RunAsync("dpkg-deb", "--field", package, "Depends");
        var wanted = installed.Values.Where(x => x.IsEssential).Select(x => x.Name).ToHashSet();
        var missing = new Queue<string>(
            Names(depends, installed).Concat(wanted.SelectMany(x => installed[x].Needs(installed)))
        );
        while (missing.TryDequeue(out var name))
            if (wanted.Add(name))
                foreach (var next in installed[name].Needs(installed))
                    missing.Enqueue(next);

        // Debian's base has these links, and packages have files on both sides of them.
        foreach (var link in (string[])["bin", "lib", "lib64", "sbin"])
        {
            Directory.CreateDirectory(Path.Join(folder, "usr", link));
            File.CreateSymbolicLink(Path.Join(folder, link), $"usr/{link}");
        }
        await CopyAsync(await Programs.RunAsync("dpkg", ["--listfiles", .. wanted]));
        await Programs.RunAsync("dpkg-deb", "--extract", package, folder);
    }

    /// <summary>A command that runs a program there, with a folder of the host, and nothing else of it.</summary>
    public string[] Command(string shared, string program, params string[] arguments) =>
        [
            "--bind",
            folder,
            "/",
            "--dev-bind",
            "/dev",
            "/dev",
            "--bind",
            "/proc",
            "/proc",
            "--ro-bind",
            "/sys",
            "/sys",
            "--tmpfs",
            "/tmp",
            "--bind",
            shared,
            shared,
            "--chdir",
            shared,
            .. Environment.IsPrivilegedProcess ? (string[])["--cap-add", "ALL"] : [],
            "--clearenv",
            "--setenv",
            "HOME",
            "/root",
            "--setenv",
            "PATH",
            "/usr/sbin:/usr/bin:/sbin:/bin",
            "--",
            program,
            .. arguments,
        ];

    private async Task CopyAsync(string files)
    {
        var list = Path.Join(folder, ".list");
        await File.WriteAllLinesAsync(
            list,
            files
                .Split('\n')
                .Distinct()
                .Where(x => x.StartsWith('/') && !LeftOut.Any(y => x.StartsWith(y, StringComparison.Ordinal)))
                .Select(x => new FileInfo(x))
                // Not directories but links to them, other than those of the base.
                .Where(x => x.LinkTarget is null ? x.Exists : x.DirectoryName != "/")
                .Select(x => x.FullName[1..]),
            TestContext.Current.CancellationToken
        );
        await Programs.RunAsync(
            "sh",
            "-c",
            """tar -C / -cf - --no-recursion --verbatim-files-from -T "$1" | tar -C "$0" -xf - --keep-directory-symlink""",
            folder,
            list
        );
        File.Delete(list);
    }

    private static async Task<Dictionary<string, Installed>> InstalledAsync()
    {
        const string format =
            "${Package}\t${db:Status-Status}\t${Essential}\t${Pre-Depends}, ${Depends}\t${Provides}\n";
        var packages = new Dictionary<string, Installed>();
        foreach (var line in (await Programs.RunAsync("dpkg-query", "--show", "--showformat", format)).Split('\n'))
        {
            if (line.Split('\t') is not [var name, "installed", var essential, var depends, var provides])
                continue;
            var package = new Installed(name, essential == "yes", depends);
            packages[name] = package;
            foreach (var other in provides.Split(',').Select(Name).Where(x => x.Length > 0))
                packages.TryAdd(other, package);
        }
        return packages;
    }

    /// <summary>Of each dependency, the first alternative that is installed.</summary>
    private static IEnumerable<string> Names(string depends, Dictionary<string, Installed> installed) =>
        depends
            .Split(',')
            .Where(x => !string.IsNullOrWhiteSpace(x))
            .Select(any =>
            {
                var name = any.Split('|').Select(Name).FirstOrDefault(installed.ContainsKey);
                Assert.True(name is not null, $"'{any.Trim()}' is not installed here; ./test installs it");
                return installed[name].Name;
            });

    /// <summary>Without a version, an architecture and blanks.</summary>
    private static string Name(string dependency) => dependency.Trim().Split(' ', '(', ':')[0];

    private sealed record Installed(string Name, bool IsEssential, string Depends)
    {
        public IEnumerable<string> Needs(Dictionary<string, Installed> installed) => Names(Depends, installed);
    }
}
