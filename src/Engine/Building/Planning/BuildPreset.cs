using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// What each step of a build system runs unless the recipe says otherwise; the table of <c>docs/recipe.md</c>.
/// </summary>
internal static class BuildPreset
{
    /// <summary>Step and script, in order; an empty script is not a step.</summary>
    public static ImmutableArray<(string Step, string Script)> Of(BuildSpec build)
    {
        var (configure, compile, install) = Commands(build.System, build.OutOfTree);
        return
        [
            ("prepare", ""),
            ("configure", With(configure, build.Configure)),
            ("compile", With(compile, build.Compile)),
            ("install", With(install, build.Install)),
        ];
    }

    private static (string Configure, string Compile, string Install) Commands(BuildSystem system, bool outOfTree) =>
        system switch
        {
            BuildSystem.Autotools => (
                $"{(outOfTree ? "/build" : ".")}/configure --prefix=/usr --sbindir=/usr/bin --libdir=/usr/lib "
                    + $"--sysconfdir=/etc --localstatedir=/var",
                "make",
                "make install DESTDIR=/stage"
            ),
            BuildSystem.CMake => (
                "cmake -S /build -B /tmp/objects -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_SBINDIR=bin "
                    + "-DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_BUILD_TYPE=Release",
                "cmake --build /tmp/objects",
                "cmake --install /tmp/objects"
            ),
            BuildSystem.Meson => (
                "meson setup /tmp/objects /build --prefix=/usr --sbindir=bin --libdir=lib --buildtype=release "
                    + "--wrap-mode=nodownload",
                "meson compile -C /tmp/objects",
                "meson install -C /tmp/objects"
            ),
            BuildSystem.Make => (
                "",
                "make PREFIX=/usr prefix=/usr",
                "make install PREFIX=/usr prefix=/usr DESTDIR=/stage"
            ),
            _ => ("", "", ""),
        };

    private static string With(string command, ImmutableArray<string> arguments) =>
        command.Length == 0 ? "" : string.Join(' ', arguments.Select(Shell.Quote).Prepend(command)) + "\n";
}
