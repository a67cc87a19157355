using System.Text;
using Recipes.Engine;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;

namespace Recipes.Fuzzing.Targets;

/// <summary>What builds print.</summary>
internal sealed class LogTarget : FuzzTarget, IEngineObserver
{
    public override string Name => "log";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.UTF8.GetBytes(
            $"{BuildScript.StepMark}configure\nchecking for gcc... cc\n{BuildScript.StepMark}compile\nx.c:1:10: "
                + $"fatal error: zlib.h: No such file or directory\nsh: line 1: flex: not found\nld: cannot find "
                + $"-lz: No such file\nmake: *** [x] Error 1"
        ),
    ];

    public override IReadOnlyList<byte[]> Words { get; } =
    [
        .. (
            (IEnumerable<string>)
                [
                    BuildScript.StepMark,
                    "\n",
                    "\r",
                    "\u001b[2J",
                    "fatal error: ",
                    ": not found",
                    "cannot find -l",
                    "Error loading shared library ",
                    "libz.so.1, needed by x, not found",
                ]
        ).Select(Encoding.UTF8.GetBytes),
    ];

    public override void Read(byte[] input)
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Write("log", []);
        using (var log = new StepLog(path, "zlib", this))
        {
            for (var at = 0; at < input.Length; at += 1000)
                log.Write(input.AsSpan(at, Math.Min(1000, input.Length - at)));
            _ = log.Tail.Length;
        }
        FailureHints.Missing(path);
    }

    void IEngineObserver.On(EngineEvent happened) { }
}
