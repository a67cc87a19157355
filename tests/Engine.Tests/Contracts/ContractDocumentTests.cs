using System.Text;
using Recipes.Engine.Contracts;
using Xunit;

namespace Recipes.Engine.Tests.Contracts;

public class ContractDocumentTests
{
    [Fact]
    public void A_contract_is_written_sorted_and_read_back()
    {
        var document = new ContractDocument(
            2,
            [new(2, "OpenSSL 4 has no engines")],
            new([
                new(ContractKind.WorkingDirectory, "", "/"),
                new(ContractKind.Symbol, "libz.so.1 zlibVersion"),
                new(ContractKind.Symbol, "libz.so.1 Zebra@V_1"),
                new(ContractKind.Environment, "TEXT", "a = b\n\\n"),
                new(ContractKind.Environment, "EMPTY", ""),
                new(ContractKind.Command, "/usr/bin/["),
                new(ContractKind.Path, "/a = b", "folder 1777 0:0"),
            ])
        );

        var text = document.Write("base");

        Assert.Equal(
            """
            # What the stack 'base' promises to whoever builds on it. A line that goes, or changes, is a break.
            major = 2
            break 2 = OpenSSL 4 has no engines

            command /usr/bin/[
            environment EMPTY =
            environment TEXT = a = b\x0a\x5cn
            path /a \x3d b = folder 1777 0:0
            symbol libz.so.1 Zebra@V_1
            symbol libz.so.1 zlibVersion
            working-directory = /

            """,
            text
        );
        var (read, faults) = ContractDocument.Parse(Encoding.UTF8.GetBytes(text), "pkgs/base/contract.txt");
        Assert.Empty(faults);
        Assert.Equal(text, read!.Write("base"));
    }

    [Theory]
    [InlineData("major = 1\nsymbl a b", "2:1: error: 'symbl' is not a kind of promise; did you mean 'symbol'?")]
    [InlineData("major = 1\n<<<<<<< HEAD", "2:1: error: '<<<<<<<' is not a kind of promise")]
    [InlineData("major = 1\nuser = a\nuser = b", "3:1: error: this is promised twice")]
    [InlineData("user = a", "1:1: error: there is no line 'major = N'")]
    [InlineData("major = 0", "1:1: error: a number from 1 on is needed here: 'major = 1'")]
    [InlineData("major", "1:1: error: a number from 1 on is needed here: 'major = 1'")]
    [InlineData("major = 1\nmajor = 2", "2:1: error: there are two lines 'major = N'")]
    [InlineData("major = 1\nbreak 2", "2:1: error: a break has a number and a reason: 'break 2 = REASON'")]
    [InlineData("major = 1\nbreak two = x", "2:1: error: a break has a number and a reason: 'break 2 = REASON'")]
    [InlineData("major = 1\nbreak 2 = x", "1:1: error: break 2 is not one of 2 to major")]
    [InlineData("major = 2\nbreak 1 = x", "1:1: error: break 1 is not one of 2 to major")]
    [InlineData("major = 2\nbreak 2 = x\nbreak 2 = y", "3:1: error: there are two reasons for break 2")]
    [InlineData(
        "major = 1\nuser = \\q",
        "2:1: error: this is not 'WORD NAME = VALUE', in which a backslash stands only before 'xHH'"
    )]
    public void A_line_that_means_nothing_is_told_with_its_place(string text, string expected)
    {
        var (document, faults) = ContractDocument.Parse(Encoding.UTF8.GetBytes(text), "contract.txt");

        Assert.Null(document);
        Assert.Equal($"contract.txt:{expected}", Assert.Single(faults).ToString().Split('\n')[0]);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        var (document, faults) = ContractDocument.Parse([0xff, 0xfe], "contract.txt");

        Assert.Null(document);
        Assert.Equal("the file is not UTF-8 text", Assert.Single(faults).Message);
    }
}
