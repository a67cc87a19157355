using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Bumping;
using Recipes.Engine.Comparison;
using Recipes.Engine.Contracts;

namespace Recipes.Cli.Output;

/// <summary>What building the new version showed, as part of a bump's review.</summary>
internal static class BumpBuildView
{
    private const int MaxFiles = 30;

    public static void Write(TextWriter writer, BumpBuild built)
    {
        foreach (var package in built.Packages)
            WritePackage(writer, package);
        ComparisonView.WriteBreaking(writer, built.Breaking);
        writer.WriteLine();
        WriteRebuilds(writer, built.Rebuilds);
        foreach (var image in built.Images)
            BumpView.Line(
                writer,
                $"image {image.Image}: files {ComparisonView.Change(image.FilesBefore, image.FilesAfter)}, "
                    + $"compressed {ComparisonView.Change(image.CompressedBefore, image.CompressedAfter)}"
            );
        if (!built.UnbuiltImages.IsEmpty)
            BumpView.Line(writer, $"not built before, and so not composed: {string.Join(", ", built.UnbuiltImages)}");
        foreach (var contract in built.Stacks)
            WriteContract(writer, contract);
    }

    /// <summary>Says what keeps a bump from being made, if building showed that it breaks a contract.</summary>
    /// <returns>The exit code.</returns>
    public static int Verdict(CliHost host, BumpPlan plan, BumpBuild? built)
    {
        if (!plan.Changes || plan.Allows(built))
            return ExitCode.Success;
        var broken = built!.Stacks.Where(x => !x.Faults().IsEmpty).ToList();
        ErrorWriter.Write(host.Error, host.ErrorHasStyle, [.. broken.SelectMany(x => x.FileFaults)]);
        var names = string.Join(" and ", broken.Select(x => $"'{x.Stack.Name}'"));
        ErrorWriter.Write(
            host,
            $"the contract{(broken.Count == 1 ? "" : "s")} of {names} would be broken; nothing was changed. To go on all "
                + $"the same, give --break-contract"
        );
        return ExitCode.Failure;
    }

    private static void WriteContract(TextWriter writer, StackContract contract)
    {
        if (contract.Promised is null)
            return;
        var difference = contract.Difference;
        BumpView.Line(writer, $"contract of {contract.Stack.Name}: {ContractView.Summary(difference)}");
        foreach (var line in ContractView.Lines(difference))
            BumpView.Line(writer, $"  {line}");
    }

    private static void WritePackage(TextWriter writer, PackageDifference package)
    {
        writer.WriteLine();
        if (package.Difference is not { } difference)
        {
            BumpView.Line(
                writer,
                $"{package.Package}: {Quantities.Size(package.Bytes)}; the old version is not built, so that it "
                    + $"could not be compared"
            );
            return;
        }
        if (difference.IsEmpty)
        {
            BumpView.Line(writer, $"{package.Package}: its files are the same");
            return;
        }
        BumpView.Line(
            writer,
            $"{package.Package}: files {ComparisonView.Change(difference.BytesBefore, difference.BytesAfter)}; "
                + $"{difference.Changed.Length.ToString(CultureInfo.InvariantCulture)} changed"
        );
        WriteFiles(writer, "-", difference.Removed);
        WriteFiles(writer, "+", difference.Added);
        ComparisonView.WriteLibraries(writer, difference);
    }

    private static void WriteFiles(TextWriter writer, string sign, ImmutableArray<ListedFile> files)
    {
        foreach (var file in files.Take(MaxFiles))
            BumpView.Line(writer, $"  {sign} {ComparisonView.Describe(file)}");
        if (files.Length > MaxFiles)
            BumpView.Line(writer, $"  {sign} {Quantities.Count(files.Length - MaxFiles, "more file")}");
    }

    private static void WriteRebuilds(TextWriter writer, ImmutableArray<RebuildOutcome> rebuilds)
    {
        var ran = rebuilds
            .Where(x => x.Seconds is not null)
            .Select(x =>
                $"{x.Package} ({Quantities.Duration(TimeSpan.FromSeconds(x.Seconds!.Value))}{(x.IsUnchanged ? ", came out the same" : "")})"
            )
            .ToList();
        var kept = rebuilds.Where(x => x.Seconds is null).Select(x => x.Package).ToList();
        if (ran.Count > 0)
            BumpView.Line(writer, $"built: {string.Join(", ", ran)}");
        if (kept.Count > 0)
            BumpView.Line(writer, $"found in the store: {string.Join(", ", kept)}");
    }
}
