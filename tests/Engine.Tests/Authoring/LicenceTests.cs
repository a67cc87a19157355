using Recipes.Engine.Authoring;
using Recipes.Engine.Workspaces.Keys;
using Xunit;

namespace Recipes.Engine.Tests.Authoring;

public sealed class LicenceTests
{
    private const string Mit =
        "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. THE "
        + "SOFTWARE IS PROVIDED \"AS IS\".";
    private const string Isc =
        "Permission to use, copy, modify, and/or distribute this software for any\npurpose with or without fee is "
        + "hereby granted";
    private const string Bsd =
        "Redistribution and use in source and binary forms, with or without\nmodification, are permitted provided that";
    private const string Binary = " Redistributions in binary form must reproduce the above copyright notice.";
    private const string Endorse =
        " Neither the name of X nor Y may be used to endorse or promote products derived from this software.";
    private const string Gpl2 = "GNU GENERAL PUBLIC LICENSE\n    Version 2, June 1991\n";
    private const string Gpl3 = "GNU GENERAL PUBLIC LICENSE\n    Version 3, 29 June 2007\n";
    private const string Lgpl3 = "GNU LESSER GENERAL PUBLIC LICENSE\n    Version 3, 29 June 2007\n";
    private const string Later =
        "/* under the GNU General Public License; either version 2, or\n * (at your option) any later\n * version. "
        + "*/\n";

    [Theory]
    [InlineData(Mit, "MIT")]
    [InlineData(
        Mit
            + " Except as contained in this notice, the name of X shall not be used. The above copyright notice and "
            + "this permission notice",
        "X11"
    )]
    [InlineData(Isc + ", provided that the notice appears.", "ISC")]
    [InlineData(Isc + ".", "0BSD")]
    [InlineData(Bsd, "BSD-1-Clause")]
    [InlineData(Bsd + Binary, "BSD-2-Clause")]
    [InlineData(Bsd + Binary + Endorse, "BSD-3-Clause")]
    [InlineData(
        Bsd + Binary + " All advertising materials mentioning features or use of this software" + Endorse,
        "BSD-4-Clause"
    )]
    [InlineData("                    Apache License\n            Version 2.0, January 2004\n", "Apache-2.0")]
    [InlineData(
        "This software is provided ‘as-is’, without any express or implied\nwarranty. Altered source versions must "
            + "be plainly marked as such.",
        "Zlib"
    )]
    [InlineData("This is free and unencumbered software released into the public domain.", "Unlicense")]
    [InlineData(
        ">  May you do good and not evil.\n>  May you find forgiveness for yourself and forgive others.",
        "blessing"
    )]
    [InlineData("Boost Software License - Version 1.0 - August 17th, 2003", "BSL-1.0")]
    [InlineData("All rights reserved.", "")]
    public void A_licence_is_told_by_its_lines(string text, string id) =>
        Assert.Equal(id, string.Join(' ', LicenceText.Find(text)));

    [Fact]
    public void Comment_marks_and_line_breaks_do_not_hide_a_licence() =>
        Assert.Equal(
            "MIT",
            Assert.Single(LicenceText.Find("/*\n * " + string.Join("\n * ", Mit.Split(' ')) + "\n */\n"))
        );

    [Theory]
    [InlineData("LICENSE")]
    [InlineData("LICENCE.md")]
    [InlineData("COPYING")]
    [InlineData("Copyright")]
    public void A_licence_file_is_no_guess(string file) =>
        Assert.Equal(new Finding("MIT", file), Find((file, Mit), ("README", Bsd)));

    [Fact]
    public void Several_licences_are_joined_and_a_person_has_to_look() =>
        Assert.Equal(
            new Finding("BSD-2-Clause AND MIT", "COPYING.BSD, COPYING.MIT", IsGuess: true),
            Find(("COPYING.BSD", Bsd + Binary), ("COPYING.MIT", Mit))
        );

    [Fact]
    public void The_lesser_licence_is_not_joined_with_the_one_it_supplements() =>
        Assert.Equal("LGPL-3.0-or-later", Find(("COPYING", Gpl3), ("COPYING.LESSER", Lgpl3), ("a.c", Later))!.Value);

    [Fact]
    public void Whether_later_versions_count_is_in_the_headers()
    {
        Assert.Equal(
            new Finding("GPL-2.0-or-later", "COPYING; src/a.c allows later versions"),
            Find(("COPYING", Gpl2), ("src/a.c", Later))
        );
        Assert.Equal(
            new Finding("GPL-2.0-only", "COPYING; no header speaks of later versions", IsGuess: true),
            Find(("COPYING", Gpl2), ("src/a.c", "/* GPL */\n"), ("tests/a.c", Later))
        );
    }

    [Fact]
    public void Tags_of_the_code_count_more_than_licence_files() =>
        Assert.Equal(
            new Finding(
                "0BSD AND GPL-2.0-or-later",
                "the SPDX tags of the code; COPYING has GPL-3.0-only",
                IsGuess: true
            ),
            Find(
                ("COPYING", Gpl3),
                ("src/a.c", "// SPDX-License-Identifier: 0BSD\n"),
                ("src/b.h", "/* SPDX-License-Identifier: 0BSD */\n"),
                ("src/c.sh", "#!/bin/sh\n# SPDX-License-Identifier: GPL-2.0-or-later\n"),
                ("tests/t.c", "// SPDX-License-Identifier: MIT\n")
            )
        );

    [Fact]
    public void One_tag_on_all_code_is_no_guess_and_a_choice_stays_one() =>
        Assert.Equal(
            new Finding("MIT OR Apache-2.0", "the SPDX tags of the code"),
            Find(("a.c", "// SPDX-License-Identifier: MIT OR Apache-2.0\n"))
        );

    [Fact]
    public void A_tag_here_and_there_does_not_count() =>
        Assert.Equal(
            "MIT",
            Find(("LICENSE", Mit), ("a.c", "// SPDX-License-Identifier: ISC\n"), ("b.c", ""), ("c.c", ""))!.Value
        );

    [Fact]
    public void Files_in_LICENSES_are_called_by_what_they_hold() =>
        Assert.Equal("CC0-1.0", Find(("LICENSES/CC0-1.0.txt", "…"), ("a.c", ""))!.Value);

    [Fact]
    public void What_meson_is_told_counts_where_no_text_does() =>
        Assert.Equal(
            new Finding("Apache-2.0", "meson.build"),
            Find(("meson.build", "project('x', 'c', license : ['Apache-2.0'])"))
        );

    [Fact]
    public void Readme_and_headers_come_last_and_are_guesses()
    {
        Assert.Equal(
            new Finding("MIT", "doc/readme.html", IsGuess: true),
            Find(
                ("doc/readme.html", $"<html><p>{Mit.Replace("\"", "&quot;", StringComparison.Ordinal)}</p></html>"),
                ("a.h", Bsd)
            )
        );
        Assert.Equal(
            new Finding("BSD-1-Clause", "the headers, such as a.h", IsGuess: true),
            Find(("a.h", Bsd), ("b.h", Bsd), ("c.h", Mit))
        );
    }

    [Theory]
    [InlineData("Server Side Public License\n VERSION 1, OCTOBER 16, 2018", "SSPL-1.0")]
    [InlineData("Redis Source Available License 2.0 (RSALv2) Agreement", "LicenseRef-RSALv2")]
    [InlineData("Business Source License 1.1", "BUSL-1.1")]
    [InlineData(
        "3. GNU AFFERO GENERAL PUBLIC LICENSE, Version 3, 19 Nov 2007\nThe GNU Affero General Public License is a "
            + "free, copyleft license",
        "AGPL-3.0"
    )]
    [InlineData("## Elastic License 2.0", "Elastic-2.0")]
    public void Licences_that_are_not_free_are_told_too(string text, string id)
    {
        Assert.Equal(id, Assert.Single(LicenceText.Find(text)));
        Assert.Null(SpdxExpression.Fault(id == "AGPL-3.0" ? id + "-only" : id));
    }

    [Fact]
    public void Several_short_licences_in_one_file_do_not_hide_each_other() =>
        Assert.Equal(
            ["MIT", "ICU", "BSD-3-Clause", "BSD-2-Clause"],
            LicenceText.Find(
                $"{Mit}\n{Bsd}{Binary}{Endorse}\n{Mit} provided that the above copyright notice(s) and this "
                    + $"permission notice appear in all copies. Except as contained in this notice, the name of a "
                    + $"holder\n{Bsd}{Binary}"
            )
        );

    [Theory]
    [InlineData("vendor/x")]
    [InlineData("deps/hiredis")]
    [InlineData("src/third_party/a")]
    [InlineData("3rdParty/a")]
    [InlineData("lib/subprojects/a")]
    [InlineData("external/a")]
    public void What_lies_in_folders_of_others_does_not_count(string folder)
    {
        Assert.Null(
            Find(
                ($"{folder}/a.h", Bsd),
                ($"{folder}/LICENSE", Mit),
                ($"{folder}/b.c", "// SPDX-License-Identifier: MIT\n")
            )
        );
        Assert.Equal(
            new Finding("BSD-2-Clause", "LICENSE"),
            Find(
                ($"{folder}/LICENSE", Mit),
                ($"{folder}/b.c", "// SPDX-License-Identifier: MIT\n"),
                ("LICENSE", Bsd + Binary)
            )
        );
    }

    [Fact]
    public void A_folder_with_another_licence_than_the_whole_is_somebody_elses()
    {
        var tree = SourceTree.Of(
            ("COPYING", Mit),
            ("src/a.c", ""),
            ("src/b.c", ""),
            ("src/c.c", ""),
            ("src/lzf/LICENSE", Bsd + Binary),
            ("src/lzf/a.c", ""),
            ("src/ours/LICENSE", Mit),
            ("src/ours/a.c", "")
        );

        Assert.Equal(["src/lzf"], tree.Vendored);
        Assert.Contains("src/ours/a.c", tree.Files);
        Assert.DoesNotContain("src/lzf/a.c", tree.Files);
    }

    [Fact]
    public void The_source_proper_may_lie_in_a_folder_with_a_licence_of_its_own() =>
        Assert.Empty(
            SourceTree.Of(("LICENSE", Mit), ("x/COPYING", Bsd + Binary), ("x/a.c", ""), ("x/b.c", "")).Vendored
        );

    [Fact]
    public void A_licence_file_that_is_not_recognised_makes_all_else_a_guess_that_says_so()
    {
        Assert.Equal(
            new Finding("BSD-1-Clause", "the headers, such as a.h; LICENSE.txt is not recognised", IsGuess: true),
            Find(("LICENSE.txt", "Ask me."), ("a.h", Bsd))
        );
        Assert.Equal(
            new Finding("MIT", "LICENSE; LICENSE.assets is not recognised", IsGuess: true),
            Find(("LICENSE", Mit), ("LICENSE.assets", "Ask me."))
        );
        Assert.Equal(
            new Finding("ISC", "meson.build; COPYING is not recognised", IsGuess: true),
            Find(("COPYING", "Ask me."), ("meson.build", "project('x', 'c', license : 'ISC')"))
        );
    }

    [Fact]
    public void A_licence_of_few_headers_is_not_that_of_the_whole() =>
        Assert.Null(
            Find(("LICENSE.txt", "Ask me."), ("crc.h", Bsd), ("a.h", "/* your choice */"), ("b.c", "/* ask */"))
        );

    [Fact]
    public void Where_two_places_disagree_a_person_has_to_look()
    {
        Assert.Equal(
            new Finding("MIT", "the SPDX tags of the code; COPYING has BSD-2-Clause", IsGuess: true),
            Find(("COPYING", Bsd + Binary), ("a.c", "// SPDX-License-Identifier: MIT\n"))
        );
        Assert.Equal(
            new Finding("MIT", "LICENSE; meson.build has Apache-2.0", IsGuess: true),
            Find(("LICENSE", Mit), ("meson.build", "project('x', 'c', license : 'Apache-2.0')"))
        );
        Assert.Equal(
            new Finding("MIT", "LICENSE"),
            Find(("LICENSE", Mit), ("meson.build", "project('x', 'c', license : 'MIT')"))
        );
    }

    [Theory]
    [InlineData("Contributions are subject to your choice of (a) or (b).", "OR")]
    [InlineData("This is tri-licensed.", "OR")]
    [InlineData("You may use it under the terms of either:", "OR")]
    [InlineData("Under either version 2 or a later one.", "AND")]
    public void A_choice_among_licences_is_one(string text, string word) =>
        Assert.Equal($"GPL-2.0-only {word} MIT", Find(("LICENSE", $"{text}\n{Gpl2}\n{Mit}"))!.Value);

    [Fact]
    public void A_choice_in_the_licence_section_of_README_counts_and_one_further_down_a_licence_file_does_not()
    {
        Assert.Equal(
            "BSD-2-Clause OR MIT",
            Find(
                ("COPYING", Bsd + Binary),
                ("LICENSE", Mit),
                ("README.md", "# X\n\n## License\n\nX is dual-licensed.\n")
            )!.Value
        );
        Assert.Equal(
            "BSD-2-Clause AND MIT",
            Find(
                ("COPYING", Bsd + Binary),
                ("LICENSE", Mit),
                ("README.md", "# X\n\nIt builds under either make.\n")
            )!.Value
        );
        Assert.Equal(
            "MIT AND BSD-2-Clause",
            Find(("LICENSE", $"{Mit}{new string('.', 2000)}\nThe examples are dual-licensed.\n{Bsd}{Binary}"))!.Value
        );
    }

    [Fact]
    public void Tags_that_join_licences_name_each_once() =>
        Assert.Equal(
            "ISC AND curl",
            Find(
                ("a.c", "// SPDX-License-Identifier: ISC\n"),
                ("b.c", "// SPDX-License-Identifier: ISC\n"),
                ("c.c", "// SPDX-License-Identifier: curl AND ISC\n")
            )!.Value
        );

    [Fact]
    public void What_nothing_tells_stays_open() => Assert.Null(Find(("LICENSE", "Ask me."), ("a.c", "")));

    private static Finding? Find(params ReadOnlySpan<(string, string)> files)
    {
        var tree = SourceTree.Of(files);
        return LicenceFinder.Find(tree, ProjectClaims.Read(tree, "x"));
    }
}
