using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Authoring;

/// <summary>
/// Recognises licences by lines that only they have. What is compared is lower case, without comment marks, with single
/// spaces; so how a text is broken into lines and framed does not matter.
/// </summary>
/// <remarks>The texts and their names are those of the SPDX licence list.</remarks>
internal static partial class LicenceText
{
    private const int Introduction = 1500;
    private const string Permission =
        "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is "
        + "hereby granted";
    private const string Grant = "permission is hereby granted, free of charge, to any person obtaining a copy";
    private const string Redistribution =
        "redistribution and use in source and binary forms, with or without modification, are permitted";
    private const string Notices = "the above copyright notice and this permission notice";

    /// <summary>A licence, the lines that it has, and those that only its kin have.</summary>
    private sealed record Mark(string Id, ImmutableArray<string> Has, ImmutableArray<string> Lacks);

    /// <summary>
    /// The families of the GNU project have no suffix: their texts do not tell whether later versions count.
    /// </summary>
    private static readonly ImmutableArray<Mark> Marks =
    [
        Of("LicenseRef-RSALv2", "redis source available license 2.0"),
        Of("SSPL-1.0", "server side public license version 1, october 16, 2018"),
        Of("BUSL-1.1", "business source license 1.1"),
        Of("Elastic-2.0", "elastic license 2.0"),
        Of("AGPL-3.0", "gnu affero general public license version 3, 19 november 2007"),
        Of("AGPL-3.0", "the gnu affero general public license is a free, copyleft license"),
        Of("LGPL-3.0", "gnu lesser general public license version 3, 29 june 2007"),
        Of("LGPL-2.1", "gnu lesser general public license version 2.1, february 1999"),
        Of("LGPL-2.0", "gnu library general public license version 2, june 1991"),
        Of("GPL-3.0", "gnu general public license version 3, 29 june 2007"),
        Of("GPL-2.0", "gnu general public license version 2, june 1991"),
        Of("GPL-1.0", "gnu general public license version 1, february 1989"),
        Of("Apache-2.0", "apache license version 2.0, january 2004"),
        Of("MPL-2.0", "mozilla public license version 2.0", "\"incompatible with secondary licenses\""),
        Of("MPL-1.1", "mozilla public license version 1.1"),
        Of("EPL-2.0", "eclipse public license - v 2.0"),
        Of("CDDL-1.0", "common development and distribution license (cddl) version 1.0"),
        Of("BSL-1.0", "boost software license - version 1.0"),
        Of("Unlicense", "this is free and unencumbered software released into the public domain"),
        Of("CC0-1.0", "cc0 1.0 universal"),
        Of("WTFPL", "do what the fuck you want to public license"),
        Of("Artistic-2.0", "the artistic license 2.0"),
        Of("OFL-1.1", "sil open font license version 1.1"),
        Of("FTL", "the freetype project license"),
        Of("IJG", "this software is based in part on the work of the independent jpeg group"),
        Of("OpenSSL", "openssl license", "original ssleay license"),
        Of(
            "Python-2.0.1",
            "python software foundation license version 2",
            "beopen python open source license agreement version 1",
            "python 1.6.1"
        ),
        Of("PSF-2.0", "python software foundation license version 2") with
        {
            Lacks = ["beopen python open source license agreement version 1"],
        },
        Of("NCSA", "university of illinois/ncsa open source license"),
        Of("Unicode-3.0", "unicode license v3"),
        Of(
            "bzip2-1.0.6",
            "the origin of this software must not be misrepresented; you must not claim that you wrote the original "
                + "software. if you use this software in a product, an acknowledgment in the product documentation "
                + "would be appreciated but is not required. 3. altered source versions must be plainly marked as "
                + "such, and must not be misrepresented as being the original software. 4. the name of the author "
                + "may not be used"
        ),
        Of("libpng-2.0", "png reference library license version 2"),
        Of(
            "Zlib",
            "this software is provided 'as-is', without any express or implied warranty",
            "altered source versions must be plainly marked as such"
        ) with
        {
            Lacks = ["png reference library license"],
        },
        Of("blessing", "may you do good and not evil", "may you find forgiveness for yourself and forgive others"),
        Of(
            "PostgreSQL",
            "permission to use, copy, modify, and distribute this software and its documentation for any purpose, "
                + "without fee, and without a written agreement is hereby granted"
        ),
        Of(
            "curl",
            "permission to use, copy, modify, and distribute this software for any purpose with or without fee is "
                + "hereby granted",
            "except as contained in this notice, the name of a copyright holder"
        ),
        Of("0BSD", Permission) with
        {
            Lacks = [Permission + ", provided that"],
        },
        Of("ISC", Permission + ", provided that"),
        Of(
            "ISC",
            "permission to use, copy, modify, and distribute this software for any purpose with or without fee is "
                + "hereby granted, provided that"
        ) with
        {
            Lacks = ["except as contained in this notice"],
        },
        Of("MIT", Grant, "the software is provided \"as is\"") with
        {
            Lacks = ["except as contained in this notice, the name"],
        },
        Of("ICU", Grant, "the above copyright notice(s) and this permission notice appear in all copies"),
        Of("X11", Grant, "except as contained in this notice, the name", Notices),
        Of("BSD-4-Clause", Redistribution, "all advertising materials mentioning features or use of this software"),
        Of(
            "BSD-3-Clause",
            Redistribution,
            "redistributions in binary form must reproduce",
            "endorse or promote products derived from this software"
        ) with
        {
            Lacks = ["all advertising materials mentioning"],
        },
        Of("BSD-2-Clause", Redistribution, "redistributions in binary form must reproduce") with
        {
            Lacks = ["endorse or promote products derived from this software"],
        },
        Of("BSD-1-Clause", Redistribution) with
        {
            Lacks =
            [
                "in binary form must reproduce",
                "binary distribution",
                "the origin of this software must not be misrepresented",
            ],
        },
    ];

    /// <summary>How the short licences begin; in a file that holds several, each is told by its own lines.</summary>
    private static readonly ImmutableArray<string> Openings =
    [
        "permission is hereby granted, free of charge,",
        "permission to use, copy, modify,",
        "redistribution and use in source and binary forms",
    ];

    /// <summary>The licences whose text is in a text, in the order of the marks.</summary>
    public static ImmutableArray<string> Find(string text)
    {
        var plain = Plain(text);
        var parts = Parts(plain);
        return
        [
            .. Marks
                .Where(x => IsShort(x) ? parts.Any(part => Fits(x, part)) : Fits(x, plain))
                .Select(x => x.Id)
                .Distinct(),
        ];

        static bool IsShort(Mark mark) => Openings.Any(x => mark.Has[0].StartsWith(x, StringComparison.Ordinal));

        static bool Fits(Mark mark, string part) =>
            mark.Has.All(x => part.Contains(x, StringComparison.Ordinal))
            && !mark.Lacks.Any(x => part.Contains(x, StringComparison.Ordinal));
    }

    /// <summary>
    /// True if the beginning of a text leaves one the choice among several licences; further down, that is about a
    /// part.
    /// </summary>
    public static bool GivesChoice(string text) => Choice().IsMatch(Plain(text[..Math.Min(text.Length, Introduction)]));

    /// <summary>From each opening to the next.</summary>
    private static List<string> Parts(string plain)
    {
        var starts = Openings.SelectMany(x => Positions(plain, x)).Order().ToList();
        return [.. starts.Select((start, i) => plain[start..(i + 1 < starts.Count ? starts[i + 1] : plain.Length)])];
    }

    private static IEnumerable<int> Positions(string text, string word)
    {
        for (
            var at = text.IndexOf(word, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(word, at + 1, StringComparison.Ordinal)
        )
            yield return at;
    }

    /// <summary>True if a header grants a licence of the GNU project in this or any later version.</summary>
    public static bool AllowsLaterVersions(string text) =>
        Plain(text) is var plain
        && plain.Contains("general public license", StringComparison.Ordinal)
        && plain.Contains("any later version", StringComparison.Ordinal);

    private static Mark Of(string id, params ImmutableArray<string> has) => new(id, has, []);

    private static string Plain(string text)
    {
        var bare = CommentMark().Replace(Tag().Replace(text, " "), "");
        return Space()
            .Replace(bare, " ")
            .Trim()
            .ToLowerInvariant()
            .Replace('“', '"')
            .Replace('”', '"')
            .Replace('‘', '\'')
            .Replace('’', '\'')
            .Replace("``", "\"", StringComparison.Ordinal)
            .Replace("''", "\"", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal);
    }

    [GeneratedRegex(
        @"\b(?:dual|tri|triple|multi)[- ]?licens|\b(?:your|their) choice of\b|\bunder (?:the terms of )?either(?::| of\b| the\b| an?\b| [a-z0-9-]+ licen)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Choice();

    [GeneratedRegex(@"</?[a-zA-Z][^<>\n]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(
        @"^[ \t]*(?://+|/\*+|\*+/?|#+|;+|--|dnl\b|>+|\.\\"")+",
        RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex CommentMark();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
