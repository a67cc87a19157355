using Recipes.Engine.Sandboxes.Roots;

namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>
/// The shell scripts that run on the host around bubblewrap. They take everything from the scratch folder and their
/// arguments, so no path is ever part of a script's text.
/// </summary>
/// <remarks>
/// <see cref="Around"/> runs <see cref="Inside"/> as root of a user namespace that is an ordinary user outside: for a
/// plain user the caller, for root the numbers of <see cref="Content.StoreOwner"/>, which <see cref="Enter"/> maps.
/// </remarks>
internal static class SandboxScripts
{
    /// <summary>
    /// Arguments: scratch folder, store, first number and count of the users for a caller who is root (else empty),
    /// options of <c>unshare</c> for one who is not, the text of <see cref="Enter"/>, the text of what runs in the
    /// namespaces, its arguments. The watcher waits for the lock that the engine holds on <c>lifeline</c> and then
    /// kills the first process of the namespace, and with it all others; it gets the lock when the engine lets go or
    /// dies, however it dies. <c>unshare</c> returns only when all of them are gone.
    /// </summary>
    public const string Around = """
        scratch=$1 store=$2 first=$3 count=$4 namespaces=$5 enter=$6 inside=$7
        shift 7
        export LIBMOUNT_FORCE_MOUNT2=always
        umask 022
        if [ -f "$scratch/groups" ]; then
            while IFS= read -r group; do
                echo $$ > "$group/cgroup.procs" || exit 125
            done < "$scratch/groups"
        fi
        # Of what the caller passes on, these can be lowered by root alone; where they cannot, they stay.
        if [ -n "$first" ]; then renice -n 0 -p $$ > /dev/null 2>&1; fi
        { echo 0 > /proc/self/oom_score_adj; } 2> /dev/null
        (
            trap '' HUP INT QUIT TERM
            exec setpriv --pdeathsig KILL flock --shared "$scratch/lifeline" sh -c '
                { read -r pid < "$0/pid" && kill -KILL "$pid"; } || kill -KILL "$1"
            ' "$scratch" $$
        ) < /dev/null > /dev/null 2>&1 &
        watcher=$!
        # What a terminal sends to all of them is for the command inside alone.
        trap : HUP INT QUIT TERM
        if [ -n "$first" ]; then
            setpriv --pdeathsig KILL unshare --mount --propagation private \
                sh -c "$enter" "$inside" "$scratch" "$store" "$first" "$count" "$@"
        else
            setpriv --pdeathsig KILL unshare $namespaces --pid --fork --kill-child \
                sh -c "$inside" outside "$scratch" "$store" "$@"
        fi
        status=$?
        kill -KILL $watcher 2> /dev/null
        wait $watcher 2> /dev/null
        times > "$scratch/times"
        exit $status
        """;

    /// <summary>
    /// What builds see of the store: <c>/tmp/trees</c>, read-only, and their own <c>/tmp/scratch</c>. Folders above the
    /// store may be closed to the users of a sandbox, and the rest of the store is none of their business.
    /// </summary>
    private const string Cover = """
        cover() {
            for bind in "$scratch"/binds/*; do
                if [ -e "$bind/target" ]; then mount --rbind "$bind/source" "$bind/target"; fi
            done
            cd "$store"
            mount -t tmpfs -o mode=0755,nosuid,nodev,size=1m cover /tmp
            mkdir /tmp/trees /tmp/scratch
            mount --no-canonicalize --bind trees /tmp/trees
            mount -o remount,bind,ro,nosuid,nodev /tmp/trees
            mount --no-canonicalize --rbind "${scratch#"$store"/}" /tmp/scratch
            mount -o remount,bind,nosuid,nodev /tmp/scratch
            cd /
        }
        """;

    /// <summary>
    /// For root, in a mount namespace of its own: name of the script is the text of what runs in the namespaces;
    /// arguments: scratch folder, store, first number and count of the users, then the other's arguments. A user
    /// namespace can be mapped from outside alone, so the first process in it says its number, and waits.
    /// </summary>
    public const string Enter =
        Cover
        + """

            set -eu
            inside=$0 scratch=$1 store=$2 first=$3 count=$4
            shift 4
            chown -hR "$first:$first" "$scratch"
            for stream in 0 1 2; do
                # Opened anew by name, a pipe is its owner's alone.
                if [ -p /dev/fd/$stream ]; then chown "$first:$first" /dev/fd/$stream; fi
            done
            cover
            if [ -f /tmp/scratch/forward ] && ! setpriv --reuid "$first" --regid "$first" --clear-groups \
                test -w /dev/net/tun; then
                # Containers often have it for root alone, and what forwards ports is not root.
                mkdir /tmp/tun
                mount -t tmpfs -o mode=0755,nosuid,noexec,size=64k tun /tmp/tun
                if cp -a /dev/net/tun /tmp/tun/tun 2> /dev/null; then
                    chmod 666 /tmp/tun/tun
                    mount --bind /tmp/tun/tun /dev/net/tun
                fi
            fi
            mkfifo -m 600 /tmp/born /tmp/mapped
            setpriv --pdeathsig KILL sh -c '
                read -r pid < /tmp/born
                echo "$pid" > /tmp/scratch/pid
                echo "0 $0 $1" > "/proc/$pid/uid_map"
                echo "0 $0 $1" > "/proc/$pid/gid_map"
                echo > /tmp/mapped
            ' "$first" "$count" < /dev/null > /dev/null &
            exec unshare --user --keep-caps --mount --pid --fork --kill-child sh -c '
                # /proc is still that of the host, and so is the number in it.
                read -r pid rest < /proc/self/stat
                echo "$pid" > /tmp/born
                read -r line < /tmp/mapped
                exec setpriv --reuid 0 --regid 0 --clear-groups sh -c "$0" "$@"
            ' "$inside" covered "$scratch" "$store" "$@"
            """;

    /// <summary>Mounts what <see cref="RootAssembly"/> has prepared.</summary>
    private const string Mount =
        Cover
        + """

            set -eu
            where=$0 scratch=$1 store=$2
            shift 2
            if [ "$where" = outside ]; then
                read -r pid rest < /proc/self/stat
                echo "$pid" > "$scratch/pid"
                cover
            fi
            scratch=/tmp/scratch
            # That of these namespaces, which bubblewrap looks for its own processes in.
            mount -t proc -o nosuid,nodev,noexec proc /proc
            for folder in "$scratch"/mounts/*; do
                [ -d "$folder" ] || continue
                cd "$folder"
                if [ -f options ]; then
                    read -r options < options
                    mount -t overlay -o "$options" overlay merged
                fi
                [ -f copied ] || for layer in copy-*; do
                    if [ -d "$layer" ]; then cp -a "$layer/." merged; fi
                    : > copied
                done
            done
            cd /

            """;

    /// <summary>
    /// The first process of the namespaces. Arguments: scratch folder, store, words before bubblewrap's, how many user
    /// namespaces may be made in this one (empty for any), <c>detached</c>, <c>pipes</c> or the path of a terminal,
    /// command. Mounts, then becomes bubblewrap, with its filter of system calls on descriptor 6, its options on 7 and
    /// its report on 8.
    /// </summary>
    public const string Inside =
        Mount
        + """
            launcher=$1 namespaces=$2 terminal=$3
            shift 3
            if [ -n "$namespaces" ]; then echo "$namespaces" > /proc/sys/user/max_user_namespaces; fi
            exec 3>&- 4>&- 5>&- 6< "$scratch/filter" 7< "$scratch/args" 8> "$scratch/status" 9>&-
            if [ -f "$scratch/prepare" ]; then . "$scratch/prepare"; fi
            network=
            if [ -f "$scratch/network" ]; then . "$scratch/network"; fi
            session=setsid
            case $terminal in
                detached) exec < /dev/null 2>&1 ;;
                pipes) ;;
                *) session='setsid --ctty'; exec < "$terminal" > "$terminal" 2>&1 ;;
            esac
            exec $network $session $launcher bwrap --seccomp 6 --args 7 --json-status-fd 8 -- "$@"
            """;

    /// <summary>
    /// Mounts the same again, after a failure, and copies what each writable mount shows to a folder <c>kept</c> of its
    /// own. Arguments: scratch folder, store, numbers of the mounts.
    /// </summary>
    public const string Keep =
        Mount
        + """
            for number; do
                mkdir "$scratch/mounts/$number/kept"
                cp -a "$scratch/mounts/$number/merged/." "$scratch/mounts/$number/kept"
            done
            """;
}
