using System.Collections.Frozen;

namespace Recipes.Engine.Recipes.Keys;

/// <summary>The identifiers of the SPDX licence list that software of an image is likely to have.</summary>
internal static class SpdxIdentifiers
{
    public static FrozenSet<string> Licenses { get; } =
        Set(
            """
            0BSD AFL-2.0 AFL-2.1 AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later APSL-2.0 Apache-1.0 Apache-1.1 Apache-2.0
            Artistic-1.0 Artistic-1.0-Perl Artistic-1.0-cl8 Artistic-2.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent
            BSD-2-Clause-Views BSD-3-Clause BSD-3-Clause-Attribution BSD-3-Clause-Clear BSD-3-Clause-LBNL
            BSD-3-Clause-Modification BSD-3-Clause-Open-MPI BSD-4-Clause BSD-4-Clause-UC BSD-Protection BSD-Source-Code
            BSL-1.0 Beerware BitTorrent-1.1 BlueOak-1.0.0 BUSL-1.1 CC-BY-2.0 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-2.0 CC-BY-SA-3.0
            CC-BY-SA-4.0 CC-PDDC CC0-1.0 CDDL-1.0 CDDL-1.1 CECILL-2.0 CECILL-2.1 CECILL-B CECILL-C CPL-1.0 ClArtistic
            CNRI-Python Crossword CUA-OPL-1.0 curl ECL-2.0 EFL-2.0 EPL-1.0 EPL-2.0 EUDatagrid EUPL-1.1 EUPL-1.2 Entessa
            FSFAP FSFUL FSFULLR FTL Fair GFDL-1.1-only GFDL-1.1-or-later GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only
            GFDL-1.3-or-later GFDL-1.3-no-invariants-or-later GPL-1.0-only GPL-1.0-or-later GPL-2.0-only GPL-2.0-or-later
            GPL-3.0-only GPL-3.0-or-later HPND HPND-sell-variant IBM-pibs ICU IJG IPA IPL-1.0 ISC ImageMagick Info-ZIP
            Intel JSON JasPer-2.0 LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only
            LGPL-3.0-or-later LPL-1.02 LPPL-1.3c LPPL-1.3a Latex2e Leptonica Libpng libpng-2.0 libselinux-1.0 libtiff MIT
            MIT-0 MIT-CMU MIT-Modern-Variant MIT-advertising MIT-enna MIT-feh MITNFA MPL-1.0 MPL-1.1 MPL-2.0
            MPL-2.0-no-copyleft-exception MS-PL MS-RL MirOS Minpack MulanPSL-2.0 Multics NAIST-2003 NCSA NIST-PD NPL-1.1
            NTP Naumen Net-SNMP NetCDF Noweb Nunit OCLC-2.0 ODbL-1.0 OFL-1.0 OFL-1.1 OGL-UK-3.0 OLDAP-2.8 OML OPL-1.0
            OPUBL-1.0 OSL-2.1 OSL-3.0 OpenSSL OpenSSL-standalone PDDL-1.0 PHP-3.0 PHP-3.01 PSF-2.0 Plexus PostgreSQL
            Python-2.0 Python-2.0.1 QPL-1.0 RPSL-1.0 RSA-MD Ruby SAX-PD SGI-B-2.0 SISSL SMLNJ SSH-OpenSSH SSH-short
            SSPL-1.0 Sleepycat Spencer-86 Spencer-94 Spencer-99 SunPro TCL TCP-wrappers TU-Berlin-1.0 UCL-1.0 UPL-1.0
            Unicode-3.0 Unicode-DFS-2015 Unicode-DFS-2016 Unicode-TOU Unlicense VSL-1.0 Vim W3C W3C-19980720 W3C-20150513
            WTFPL Watcom-1.0 X11 X11-distribute-modifications-variant XFree86-1.1 Xerox Xnet YPL-1.1 ZPL-2.1 Zend-2.0 Zed
            Zlib blessing bzip2-1.0.6 copyleft-next-0.3.1 dvipdfm eGenix etalab-2.0 gSOAP-1.3b gnuplot iMatix mpich2
            psutils snprintf xpp zlib-acknowledgement
            """
        );

    public static FrozenSet<string> Exceptions { get; } =
        Set(
            """
            Autoconf-exception-2.0 Autoconf-exception-3.0 Autoconf-exception-generic Bison-exception-1.24
            Bison-exception-2.2 Bootloader-exception CLISP-exception-2.0 Classpath-exception-2.0 FLTK-exception
            Font-exception-2.0 GCC-exception-2.0 GCC-exception-3.1 GPL-3.0-linking-exception LGPL-3.0-linking-exception
            LLVM-exception LZMA-exception Libtool-exception Linux-syscall-note OCaml-LGPL-linking-exception
            OpenJDK-assembly-exception-1.0 PS-or-PDF-font-exception-20170817 Qt-GPL-exception-1.0 Qt-LGPL-exception-1.1
            Swift-exception Texinfo-exception Universal-FOSS-exception-1.0 WxWindows-exception-3.1 eCos-exception-2.0
            gnu-javamail-exception openvpn-openssl-exception u-boot-exception-2.0 x11vnc-openssl-exception
            """
        );

    private static FrozenSet<string> Set(string words) =>
        words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
