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
    private const string Permission = "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted";
    private const string Redistribution = "redistribution and use in source and binary forms, with or without modification, are permitted";
    private const string Notices = "the above copyright notice and this permission notice";

    /// <summary>A licence, the lines that it has, and those that only its kin have.</summary>
    private sealed record Mark(string Id, ImmutableArray<string> Has, ImmutableArray<string> Lacks);

    /// <summary>The families of the GNU project have no suffix: their texts do not tell whether later versions count.</summary>
    private static readonly ImmutableArray<Mark> Marks =
    [
        Of("AGPL-3.0", "gnu affero general public license version 3, 19 november 2007"),
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
        Of("PSF-2.0", "python software foundation license version 2"),
        Of("NCSA", "university of illinois/ncsa open source license"),
        Of("Unicode-3.0", "unicode license v3"),
        Of("bzip2-1.0.6", "the origin of this software must not be misrepresented; you must not claim that you wrote the original software. if you use this software in a product, an acknowledgment in the product documentation would be appreciated but is not required. 3. altered source versions must be plainly marked as such, and must not be misrepresented as being the original software. 4. the name of the author may not be used"),
        Of("libpng-2.0", "png reference library license version 2"),
        Of("Zlib", "this software is provided 'as-is', without any express or implied warranty", "altered source versions must be plainly marked as such") with { Lacks = ["png reference library license"] },
        Of("blessing", "may you do good and not evil", "may you find forgiveness for yourself and forgive others"),
        Of("PostgreSQL", "permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee, and without a written agreement is hereby granted"),
        Of("curl", "permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted", "except as contained in this notice, the name of a copyright holder"),
        Of("0BSD", Permission) with { Lacks = [Permission + ", provided that"] },
        Of("ISC", Permission + ", provided that") ,
        Of("ISC", "permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted, provided that") with { Lacks = ["except as contained in this notice"] },
        Of("MIT", "permission is hereby granted, free of charge, to any person obtaining a copy", "the software is provided \"as is\"") with { Lacks = ["except as contained in this notice, the name"] },
        Of("X11", "permission is hereby granted, free of charge, to any person obtaining a copy", "except as contained in this notice, the name", Notices),
        Of("BSD-4-Clause", Redistribution, "all advertising materials mentioning features or use of this software"),
        Of("BSD-3-Clause", Redistribution, "redistributions in binary form must reproduce", "endorse or promote products derived from this software") with { Lacks = ["all advertising materials mentioning"] },
        Of("BSD-2-Clause", Redistribution, "redistributions in binary form must reproduce") with { Lacks = ["endorse or promote products derived from this software"] },
        Of("BSD-1-Clause", Redistribution) with { Lacks = ["in binary form must reproduce", "binary distribution"] },
    ];

    /// <summary>The licences whose text is in a text, in the order of the marks.</summary>
    public static ImmutableArray<string> Find(string text)
    {
        var plain = Plain(text);
        return [.. Marks.Where(x => x.Has.All(Holds) && !x.Lacks.Any(Holds)).Select(x => x.Id).Distinct()];

        bool Holds(string line) => plain.Contains(line, StringComparison.Ordinal);
    }

    /// <summary>True if a header grants a licence of the GNU project in this or any later version.</summary>
    public static bool AllowsLaterVersions(string text) =>
        Plain(text) is var plain && plain.Contains("general public license", StringComparison.Ordinal) && plain.Contains("any later version", StringComparison.Ordinal);

    private static Mark Of(string id, params ImmutableArray<string> has) => new(id, has, []);

    private static string Plain(string text)
    {
        var bare = CommentMark().Replace(Tag().Replace(text, " "), "");
        return Space().Replace(bare, " ").Trim().ToLowerInvariant().Replace('“', '"').Replace('”', '"').Replace('‘', '\'').Replace('’', '\'').Replace("``", "\"", StringComparison.Ordinal).Replace("''", "\"", StringComparison.Ordinal).Replace("&quot;", "\"", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"</?[a-zA-Z][^<>\n]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^[ \t]*(?://+|/\*+|\*+/?|#+|;+|--|dnl\b|>+|\.\\"")+", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CommentMark();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
