# Read by ./recipes and ./release, which set root: how the command line is published, and what it calls at run time.

host_programs='bwrap:bubblewrap git:git tar:tar xz:xz-utils bzip2:bzip2 mount:mount' # PROGRAM:PACKAGE

# changes: the paths in which the work tree differs from its commit; files that git ignores are none.
changes() { git -C "$root" --no-optional-locks status --porcelain --ignore-submodules=dirty; }

# revision: the commit of the checkout, and ".modified" if there are changes; nothing if this is not a checkout.
revision() {
    above=$(git -C "$root" rev-parse --show-cdup 2>/dev/null) || return 0
    [ -z "$above" ] || return 0 # a repository around this folder has another history
    commit=$(git -C "$root" rev-parse --verify --quiet HEAD) || return 0
    [ -z "$(changes)" ] || commit=$commit.modified
    printf %s "$commit"
}

# publish NATIVE WORK OUT: the program in the folder OUT; what comes before it in WORK.
publish() {
    dotnet publish "$root/src/Cli" --configuration Release --disable-build-servers --nologo -v quiet \
        -p:ArtifactsPath="$2" -p:RunAnalyzers=false -p:DebugType=none -p:NativeDebugSymbols=false \
        -p:GenerateDocumentationFile=false -p:Native="$1" -p:SourceRevisionId="$(revision)" \
        --use-current-runtime -o "$3" </dev/null 2>&1 9>&- &&
        { [ -x "$3/recipes" ] || { echo 'dotnet ended without a word and without the program; was it stopped?'; false; }; }
}
