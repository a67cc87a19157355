using Recipes.Engine.Workspaces.Keys;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public class SpdxTests
{
    [Theory]
    [InlineData("Zlib")]
    [InlineData("LGPL-3.0-or-later OR GPL-2.0-or-later")]
    [InlineData("GPL-3.0-or-later WITH GCC-exception-3.1")]
    [InlineData("(MIT AND (BSD-3-Clause OR Apache-2.0)) AND ISC")]
    [InlineData("Apache-1.1+")]
    [InlineData("LicenseRef-public-domain AND MIT")]
    public void Takes_expressions(string expression) => Assert.Null(SpdxExpression.Fault(expression));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("zlib", "SPDX has no license 'zlib'; did you mean 'Zlib'?")]
    [InlineData("GPL-2.0-or-latr", "SPDX has no license 'GPL-2.0-or-latr'; did you mean 'GPL-2.0-or-later'?")]
    [InlineData(
        "Proprietary",
        "SPDX has no license 'Proprietary'; one that SPDX does not have is written 'LicenseRef-…'"
    )]
    [InlineData("MIT AND", "a license is missing at its end")]
    [InlineData("OR MIT", "a license is missing before 'OR'")]
    [InlineData("MIT ISC", "'ISC' is not expected there; licenses are joined with AND and OR")]
    [InlineData("MIT or ISC", "'or' is not expected there; licenses are joined with AND and OR")]
    [InlineData("(MIT", "'(' without ')'")]
    [InlineData("MIT)", "')' is not expected there; licenses are joined with AND and OR")]
    [InlineData(
        "GPL-2.0-only WITH GCC-exception-3.2",
        "SPDX has no exception 'GCC-exception-3.2'; did you mean 'GCC-exception-3.1'?"
    )]
    [InlineData("LicenseRef-", "'LicenseRef-' has to have letters, digits, '.' and '-' after 'LicenseRef-'")]
    public void Says_what_is_wrong(string expression, string expected) =>
        Assert.Equal(expected, SpdxExpression.Fault(expression));

    [Fact]
    public void Refuses_absurd_nesting() =>
        Assert.Equal(
            "parentheses nested deeper than 16",
            SpdxExpression.Fault(new string('(', 5000) + "MIT" + new string(')', 5000))
        );
}
