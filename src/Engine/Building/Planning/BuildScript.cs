using System.Collections.Immutable;
using System.Text;
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
        var preset = BuildPreset.Of(build);
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var steps = ImmutableArray.CreateBuilder<string>();
        foreach (var (step, text) in preset)
        {
            var body = build.Steps.TryGetValue(step, out var written) ? written : text;
            if (string.IsNullOrWhiteSpace(body))
                continue;
            steps.Add(step);
            files.Add(step, (step == "prepare" ? "" : Directory(build)) + body.TrimEnd() + "\n");
        }
        steps.Add(Finish);
        files.Add(Finish, FinishScript(build.Strip));
        files.Add("run", RunScript);
        return new(steps.ToImmutable(), files.ToImmutable());
    }

    // The presets of CMake and Meson name their directories themselves.
    private static string Directory(BuildSpec build) =>
        build.OutOfTree && build.System is not (BuildSystem.CMake or BuildSystem.Meson)
            ? "mkdir -p /tmp/objects\ncd /tmp/objects\n"
            : "";

    // One descriptor on the fifo serves makes before 4.4, which know no fifo, as well as later ones.
    private const string RunScript = """
        set -eu
        if [ -p /run/jobserver ]; then
            exec 8<>/run/jobserver
            export MAKEFLAGS="-j$JOBS --jobserver-auth=8,8"
        else
            export MAKEFLAGS="-j$JOBS"
        fi
        for step; do
            printf '\036step %s\n' "$step"
            cd /build
            sh -eu "/recipe/.steps/$step"
        done

        """;

    private static string FinishScript(bool strip)
    {
        var script = new StringBuilder(
            """
            cd /stage
            find . -name '*.la' -path './usr/lib*' -type f -exec rm -f {} +
            find . ! -type l \( -perm -4000 -o -perm -2000 -o -perm -0002 \) -exec stat -c '%a %n' {} + | LC_ALL=C sort > /tmp/.modes
            if [ -s /tmp/.modes ]; then cp /tmp/.modes .recipes-modes; fi

            """
        );
        if (strip)
        {
            // Executables may lack write permission, which strip needs even as root of a user namespace.
            script.Append(
                """
                find . -type f \( -name '*.a' -o -name '*.o' \) -exec chmod u+w {} + -exec strip -g -D {} +
                find . -type f ! -name '*.a' ! -name '*.o' \( -perm -0100 -o -name '*.so' -o -name '*.so.*' \) | while IFS= read -r file; do
                    if [ "$(dd if="$file" bs=1 skip=1 count=3 2>/dev/null | tr -d '\000')" = ELF ]; then
                        chmod u+w "$file"
                        strip --strip-unneeded -R .comment "$file"
                    fi
                done

                """
            );
        }
        return script.ToString();
    }
}
