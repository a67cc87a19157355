using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// The shell scripts of a build, one a step, laid beside the recipe's own files at <c>/recipe/.steps</c>. A person can
/// run any of them by hand in the same sandbox: <c>sh /recipe/.steps/run compile</c>.
/// </summary>
/// <param name="Steps">In the order in which they run.</param>
/// <param name="Files">File name → text, <c>run</c> among them.</param>
internal sealed record BuildScript(ImmutableArray<string> Steps, ImmutableSortedDictionary<string, string> Files)
{
    /// <summary>Where the scripts are laid, relative to the recipe's files.</summary>
    public const string Folder = ".steps";

    /// <summary>The step that strips and normalises, after the recipe's own.</summary>
    public const string Finish = "finish";

    /// <summary>
    /// The file at the root of the stage in which the last step notes odd modes, since a tree holds none.
    /// </summary>
    public const string ModesFile = ".recipes-modes";

    /// <summary>
    /// The file at the root of the stage in which the last step notes which names are of one file, since a tree does
    /// not tell: lines of a number that they share, space, and path.
    /// </summary>
    public const string LinksFile = ".recipes-links";

    /// <summary>Starts a line of the log that announces a step; no tool prints it by chance.</summary>
    public const string StepMark = "\u001estep ";

    /// <summary>The program and arguments that run all steps.</summary>
    public ImmutableArray<string> Arguments => ArgumentsOf(Steps);

    /// <summary>The program and arguments that run some of the steps.</summary>
    public static ImmutableArray<string> ArgumentsOf(ImmutableArray<string> steps) =>
        ["/bin/sh", $"/recipe/{Folder}/run", .. steps];

    /// <summary>Writes the scripts of a recipe.</summary>
    /// <param name="recipe">A package.</param>
    public static BuildScript Of(PackageRecipe recipe)
    {
        var build = recipe.Build;
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<string>();
        foreach (var (step, body) in BuildSteps.Of(recipe))
        {
            steps.Add(step);
            files.Add(step, (step == "prepare" ? "" : Directory(build)) + body.TrimEnd() + "\n");
        }
        steps.Add(Finish);
        files.Add(Finish, FinishScript(build));
        files.Add("run", RunScript);
        return new(steps.ToImmutable(), files.ToImmutable());
    }

    private static string Directory(BuildSpec build) =>
        build.OutOfTree ? "mkdir -p /tmp/objects\ncd /tmp/objects\n" : "";

    // One descriptor on the fifo serves makes before 4.4, which know no fifo, as well as later ones; Ninja knows the
    // fifo alone. What a step leaves running could write to the stage later, or run a program that strip is to change:
    // what is built would depend on time. No subshell may come between the two looks at /proc, since its number could
    // be given out again.
    private const string RunScript = """
        set -eu
        export JOBS="${JOBS:-1}" MAKEFLAGS="-j${JOBS:-1}"
        if [ -p /run/jobserver ]; then
            exec 8<>/run/jobserver
            if command -v ninja >/dev/null; then auth=fifo:/run/jobserver; else auth=8,8; fi
            export MAKEFLAGS="$MAKEFLAGS --jobserver-auth=$auth"
        fi
        remember() { before=" $* "; }
        end() {
            found=1
            for process; do
                case $before in *" $process "*) continue ;; esac
                [ -e "$process/exe" ] && name=$(cat "$process/comm" 2>/dev/null) || continue
                kill -9 "${process#/proc/}" 2>/dev/null || continue
                case $ended in
                *" $process "*) ;;
                *) ended="$ended$process "; echo "run: ended '$name', which $step left running" ;;
                esac
                found=0
            done
            return $found
        }
        for step; do
            printf '\036step %s\n' "$step"
            cd /build
            remember /proc/[0-9]*
            sh -eu "/recipe/.steps/$step"
            ended=' '
            while end /proc/[0-9]*; do :; done
        done

        """;

    // Links come before strip, which would otherwise see each file under all its names.
    private static string FinishScript(BuildSpec build)
    {
        var isLinked = build.HardLinks == HardLinkTreatment.Symlink;
        return string.Concat(
            "cd /stage\n",
            RemoveLibtoolArchives,
            isLinked ? LinkToFirstName : "",
            build.Strip ? Strip : "",
            NoteModes,
            isLinked ? "" : NoteHardLinks
        );
    }

    private const string RemoveLibtoolArchives = """
        find . -name '*.la' -path './usr/lib*' -type f -exec rm -f {} +

        """;

    // Ours is what is made for the machine that strip runs on: an ELF file of its class and machine, with the section
    // headers that strip goes by, or a static library. All else is data to it, and some of it fails.
    private const string Strip = """
        header() { od -An -v -tx1 -N64 "$1" | tr -d ' \n' | cut -c1-16,37-40,81-96; }
        leave() { echo "finish: ${1#.} is left as it is: $2"; }
        strip=$(command -v strip || true)
        own=$(header "${strip:-/dev/null}" | cut -c1-10,17-20)
        find . -type f \( -perm -0100 -o -name '*.so' -o -name '*.so.*' -o -name '*.a' -o -name '*.o' \) | LC_ALL=C sort | while IFS= read -r file; do
            found=$(header "$file")
            case $found in
            213c617263683e0a*) options='-g -D' ;;
            7f454c46*)
                if [ "$strip" ] && [ "$(echo "$found" | cut -c1-10,17-20)" != "$own" ]; then leave "$file" 'it is for another machine'; continue; fi
                case $found in *0000000000000000) leave "$file" 'it has no section headers'; continue ;; esac
                case $file in *.o) options='-g -D' ;; *) options='--strip-unneeded -R .comment' ;; esac
                ;;
            *) continue ;;
            esac
            if [ -z "$strip" ]; then echo "finish: ${file#.} is to be stripped, and the build root has no strip" >&2; exit 1; fi
            # Executables may lack write permission, which strip needs even as root of a user namespace.
            chmod u+w "$file"
            strip $options "$file" 2>/tmp/.strip || leave "$file" "$(cat /tmp/.strip)"
        done

        """;

    private const string NoteModes = $$"""
        find . ! -type l \( -perm -4000 -o -perm -2000 -o -perm -0002 \) -exec stat -c '%a %n' {} + | LC_ALL=C sort > /tmp/.modes
        if [ -s /tmp/.modes ]; then cp /tmp/.modes {{ModesFile}}; fi

        """;

    // awk compares what looks like numbers as numbers, 1 and 1.0 among them, unless it is joined to a text.
    private const string LinkToFirstName = """
        find . -type f -links +1 -exec stat -c '%i %n' {} + | LC_ALL=C sort -k 2 |
            awk '{
                i = $1; sub(/^[0-9]+ /, "")
                if (!(i in first)) { first[i] = $0; next }
                n = split(first[i], to, "/"); m = split($0, at, "/"); target = ""
                for (k = 1; k < n && k < m && to[k] "" == at[k] ""; k++) continue
                for (j = k; j < m; j++) target = target "../"
                for (j = k; j < n; j++) target = target to[j] "/"
                print target to[n]; print $0
            }' > /tmp/.symlinks
        while IFS= read -r target && IFS= read -r name; do ln -sf -- "$target" "$name"; done < /tmp/.symlinks

        """;

    private const string NoteHardLinks = $$"""
        find . -type f -links +1 -exec stat -c '%i %n' {} + | LC_ALL=C sort -k 2 |
            awk '{ i = $1; sub(/^[0-9]+ /, ""); if (!(i in n)) n[i] = ++c; print n[i] " " $0 }' > /tmp/.links
        if [ -s /tmp/.links ]; then cp /tmp/.links {{LinksFile}}; fi

        """;
}
