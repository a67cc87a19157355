using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Protocol = Recipes.Engine.Content.Protocol;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// One build or test as data: the Remote Execution API v2 <c>Command</c> and <c>Action</c>. The digest of the action is
/// the key of its result. The number of jobs is not part of it: it must not change what comes out.
/// </summary>
/// <param name="Digest">Of the encoded <c>Action</c>.</param>
/// <param name="ActionBytes">The encoded <c>Action</c>.</param>
/// <param name="CommandBytes">The encoded <c>Command</c>.</param>
/// <param name="Arguments">Of the command.</param>
/// <param name="Environment">Of the command.</param>
internal sealed record BuildAction(
    Digest Digest,
    ReadOnlyMemory<byte> ActionBytes,
    ReadOnlyMemory<byte> CommandBytes,
    ImmutableArray<string> Arguments,
    ImmutableSortedDictionary<string, string> Environment
)
{
    // Counts up when the engine treats the same action differently, as the scripts of the sandbox cannot say.
    private const string Format = "1";

    /// <summary>The directory that the build installs into, relative to the root.</summary>
    public const string Stage = "stage";

    /// <summary>Assembles the action of a recipe over an input root.</summary>
    public static BuildAction Of(BuildSpec build, BuildScript script, Digest inputRoot) =>
        Of(
            script.Arguments,
            DefaultEnvironment.SetItems(build.Environment),
            inputRoot,
            build.Limits,
            [Stage],
            PropertiesOf(build)
        );

    // What a build may do is a part of the action; why it may is not.
    private static ImmutableArray<(string Name, string Value)> PropertiesOf(BuildSpec build) =>
        build.NamespacesReason is null ? [] : [("recipes-namespaces", "true")];

    /// <summary>Assembles an action of its parts.</summary>
    /// <param name="arguments">The program and its arguments.</param>
    /// <param name="environment">The whole environment.</param>
    /// <param name="inputRoot">All that it sees.</param>
    /// <param name="limits">Of the action.</param>
    /// <param name="outputs">Directories that it leaves, relative to the root, sorted.</param>
    /// <param name="properties">
    /// Further properties of the platform, sorted, their names after <c>recipes-format</c>.
    /// </param>
    public static BuildAction Of(
        ImmutableArray<string> arguments,
        ImmutableSortedDictionary<string, string> environment,
        Digest inputRoot,
        BuildLimits limits,
        ImmutableArray<string> outputs,
        ImmutableArray<(string Name, string Value)> properties
    )
    {
        var command = new Protocol.Command();
        command.Arguments.AddRange(arguments);
        command.EnvironmentVariables.AddRange(
            environment
                .OrderBy(x => x.Key, TreeDirectory.NameOrder)
                .Select(x => new Protocol.Command.Types.EnvironmentVariable { Name = x.Key, Value = x.Value })
        );
        command.OutputPaths.AddRange(outputs);
        var commandBytes = command.ToByteArray();

        var action = new Protocol.Action
        {
            CommandDigest = TreeDirectory.ToMessage(Digest.Of(commandBytes)),
            InputRootDigest = TreeDirectory.ToMessage(inputRoot),
            Timeout = limits.Time is { } time ? Duration.FromTimeSpan(time) : null,
            Platform = PlatformOf(limits, properties),
        };
        var actionBytes = action.ToByteArray();
        return new(Digest.Of(actionBytes), actionBytes, commandBytes, arguments, environment);
    }

    private static ImmutableSortedDictionary<string, string> DefaultEnvironment { get; } =
        new Dictionary<string, string>
        {
            ["DESTDIR"] = "/stage",
            ["HOME"] = "/tmp",
            ["LC_ALL"] = "C",
            ["PATH"] = "/usr/bin",
            ["PREFIX"] = "/usr",
            ["SOURCE_DATE_EPOCH"] = "1",
            ["TZ"] = "UTC",
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static Protocol.Platform PlatformOf(
        BuildLimits limits,
        ImmutableArray<(string Name, string Value)> properties
    )
    {
        // Sorted by name, as the specification asks.
        var platform = new Protocol.Platform();
        Add("ISA", "x86-64");
        Add("OSFamily", "linux");
        if (limits.MemoryBytes is { } memory)
            Add("memory", memory.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (limits.Processes is { } processes)
            Add("processes", processes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add("recipes-format", Format);
        foreach (var (name, value) in properties)
            Add(name, value);
        return platform;

        void Add(string name, string value) =>
            platform.Properties.Add(new Protocol.Platform.Types.Property { Name = name, Value = value });
    }
}
