using Recipes.Engine.Sandboxes.Processes;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>What is done to an image's root between mounting and starting it.</summary>
internal static class ImageScripts
{
    /// <summary>
    /// Read by <see cref="SandboxScripts.Inside"/>. Sets owners and modes in the throw-away layer, without ever
    /// following a link out of the root.
    /// </summary>
    public const string Prepare = """
        root=$scratch/mounts/000/merged
        read -r users < "$scratch/users"
        give() {
            if [ "$users" = many ]; then chown -h -- "$2:$3" "$4"; fi
            if [ "$1" != - ] && [ ! -L "$4" ]; then chmod -- "$1" "$4"; fi
        }
        while read -r mode uid gid path; do
            current=$root rest=${path#/}
            while [ -n "$rest" ]; do
                if [ -L "$current" ]; then
                    echo "$path: ${current#"$root"} is a link; declare the owner of where it leads to" >&2
                    exit 1
                fi
                current=$current/${rest%%/*}
                case $rest in
                    */*) rest=${rest#*/} ;;
                    *) rest= ;;
                esac
            done
            give "$mode" "$uid" "$gid" "$current"
        done < "$scratch/owners"
        for bind in "$scratch"/binds/*; do
            if [ -f "$bind/owner" ] && [ -z "$(ls -A "$bind/target")" ]; then
                read -r mode uid gid path < "$bind/owner"
                give "$mode" "$uid" "$gid" "$bind/target"
            fi
        done

        """;

    /// <summary>
    /// Read by <see cref="SandboxScripts.Inside"/>, as root of the user namespace. Makes a network namespace, and has
    /// <c>pasta</c> forward ports to it, from the network around. It returns when <c>pasta</c> is ready; as a process
    /// of the sandbox's namespace, <c>pasta</c> cannot outlive it.
    /// </summary>
    public const string Network = """
        # Where AppArmor's profile of pasta lets it look for namespaces, if there is that folder.
        names=/run/user
        if [ ! -d "$names" ]; then names=$scratch/names && mkdir "$names"; fi
        mount -t tmpfs -o mode=0755,nosuid,nodev,noexec,size=64k names "$names"
        mkdir -p "$names/0/netns"
        net=$names/0/netns/image
        : > "$net"
        # As in a container engine, every user may listen on every port.
        unshare --net="$net" sh -c 'echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start'
        read -r options < "$scratch/forward"
        # Old versions of pasta take a SIGPIPE that is ignored already for an error.
        signals=
        if env --default-signal true 2> /dev/null; then signals='env --default-signal'; fi
        # Out of reach of what a terminal sends to all processes in front of it.
        setsid $signals pasta $options --netns "$net" \
            < /dev/null > /dev/null 2> "$scratch/forward-complaint" 6<&- 7<&- 8>&- || exit 125
        rm "$scratch/forward-complaint"
        network="nsenter --net=$net"

        """;
}
