namespace Recipes.Engine.Sandboxes;

/// <summary>
/// The two shell scripts that run on the host around bubblewrap. They take everything from the scratch folder and their
/// arguments, so no path is ever part of a script's text.
/// </summary>
internal static class SandboxScripts
{
    /// <summary>
    /// Arguments: scratch folder, options of <c>unshare</c>, words before bubblewrap's, <c>detached</c> or <c>attached</c>,
    /// the text of <see cref="Inside"/>, command. The watcher waits for the lock that the engine holds on
    /// <c>lifeline</c> and then kills the first process of the namespace, and with it all others; it gets the lock when the
    /// engine lets go or dies, however it dies. <c>unshare</c> returns only when all of them are gone.
    /// </summary>
    public const string Around = """
        scratch=$1 namespaces=$2 launcher=$3 terminal=$4 inside=$5
        shift 5
        umask 022
        if [ -f "$scratch/groups" ]; then
            while IFS= read -r group; do
                echo $$ > "$group/cgroup.procs" || exit 125
            done < "$scratch/groups"
        fi
        (
            trap '' HUP INT QUIT TERM
            exec setpriv --pdeathsig KILL flock --shared "$scratch/lifeline" sh -c '
                { read -r pid < "$0/pid" && kill -KILL "$pid"; } || kill -KILL "$1"
            ' "$scratch" $$
        ) < /dev/null > /dev/null 2>&1 &
        watcher=$!
        # What a terminal sends to all of them is for the command inside alone.
        trap : HUP INT QUIT TERM
        setpriv --pdeathsig KILL unshare $namespaces --pid --fork --kill-child \
            sh -c "$inside" "$scratch" "$launcher" "$terminal" "$@"
        status=$?
        kill -KILL $watcher 2> /dev/null
        wait $watcher 2> /dev/null
        times > "$scratch/times"
        exit $status
        """;

    /// <summary>
    /// The first process of the namespaces: mounts what <see cref="RootAssembly"/> has prepared, then becomes bubblewrap,
    /// with its options on descriptor 7 and its report on descriptor 8. The other descriptors are the caller's.
    /// </summary>
    public const string Inside = """
        set -eu
        scratch=$0 launcher=$1 terminal=$2
        shift 2
        # /proc is still that of the host, and so is the number in it.
        read -r pid rest < /proc/self/stat
        echo "$pid" > "$scratch/pid"
        # Newer versions of mount use a system call that takes short options only.
        export LIBMOUNT_FORCE_MOUNT2=always
        for folder in "$scratch"/mounts/*; do
            [ -d "$folder" ] || continue
            cd "$folder"
            if [ -f options ]; then
                read -r options < options
                mount -t overlay -o "$options" overlay merged
            fi
            for layer in copy-*; do
                if [ -d "$layer" ]; then cp -a "$layer/." merged; fi
            done
        done
        cd /
        for bind in "$scratch"/binds/*; do
            if [ -d "$bind" ]; then mount --rbind "$bind/source" "$bind/target"; fi
        done
        exec 3>&- 4>&- 5>&- 6>&- 7< "$scratch/args" 8> "$scratch/status" 9>&-
        if [ -f "$scratch/prepare" ]; then . "$scratch/prepare"; fi
        if [ "$terminal" = detached ]; then exec < /dev/null 2>&1; fi
        exec $launcher bwrap --args 7 --json-status-fd 8 -- "$@"
        """;

    /// <summary>Arguments: scratch folder, where to. Mounts the same again, after a failure, and copies what is seen.</summary>
    public const string Keep = """
        set -eu
        export LIBMOUNT_FORCE_MOUNT2=always
        cd "$1"
        if [ -f options ]; then
            read -r options < options
            mount -t overlay -o "$options" overlay merged
        fi
        mkdir -p "$2"
        cp -a merged/. "$2"
        """;
}
