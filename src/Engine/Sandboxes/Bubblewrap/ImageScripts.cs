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
}
