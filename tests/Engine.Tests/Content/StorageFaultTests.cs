using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

/// <summary>What a file system refuses is told as it is, and never as a fault of this program.</summary>
public sealed class StorageFaultTests
{
    [Theory]
    [InlineData(
        Posix.NoSpace,
        @"^No space is left at '/proc/x' \(proc, 0 MB of 0 MB free\)\. Free some space, collect garbage in the store, or choose another store; what is finished is kept\.$"
    )]
    [InlineData(Posix.QuotaExceeded, @"^The disk quota is used up at '/proc/x' \(proc, .*\)\. Free some space")]
    [InlineData(
        Posix.FileTooLarge,
        @"^A file becomes larger than allowed at '/proc/x' \(proc, .*\)\. 'ulimit -f' shows the limit of this process\.$"
    )]
    [InlineData(
        Posix.InputOutput,
        @"^Input or output failed at '/proc/x' \(proc, .*\)\. The disk may be failing; 'dmesg' tells more\.$"
    )]
    [InlineData(Posix.ReadOnlyFileSystem, @"^The file system is read-only at '/proc/x' \(proc, .*\)\.$")]
    [InlineData(Posix.AccessDenied, @"^Permission is denied at '/proc/x' \(proc, .*\)\.$")]
    public void The_path_the_file_system_and_what_to_do_are_named(int error, string message)
    {
        Assert.Matches(message, StorageFault.Of(Posix.Failure("write", "/proc/x", error)).Message);
        // As .NET words it.
        Assert.Matches(message, StorageFault.Of(new IOException("Something : '/proc/x'", error)).Message);
    }

    [Fact]
    public void What_dotnet_itself_throws_has_the_number()
    {
        // /dev/full is the one device that is always full.
        var failure = Assert.ThrowsAny<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            full.Write([1]);
        });

        Assert.StartsWith(
            "No space is left at '/dev/full' (",
            StorageFault.Of(failure).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_message_is_told_as_it_stands() =>
        Assert.Equal("as it stands", StorageFault.Describe(new EngineException("as it stands")));

    [Fact]
    public void A_fault_of_this_program_is_none_of_the_file_system()
    {
        Assert.False(StorageFault.IsOne(new InvalidOperationException()));
        Assert.False(StorageFault.IsOne(new FileNotFoundException()));
    }
}
