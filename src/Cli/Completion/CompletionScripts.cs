using System.Collections.Immutable;

namespace Recipes.Cli.Completion;

/// <summary>
/// What makes a shell ask this program for completions. The program is called as it stands on the line, and answers
/// with a candidate a line, a tab between the word and its meaning. Where it has none, files are offered.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # bash completion for recipes: source <(recipes completion bash)
        _recipes() {
            local words=() word glue= program=${1/#\~/$HOME} current before line i
            for ((i = 1; i <= COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]//[\\\"\']/}
                # For readline ':' and '=' are words of their own, for the program they are not.
                if ((${#words[@]})) && [[ $glue || $word == [:=]* ]]; then
                    words[-1]+=$word
                else
                    words+=("$word")
                fi
                [[ $word == *[:=] ]] && glue=1 || glue=
            done
            current=${words[-1]}
            before=${current%"${current##*[:=]}"}
            COMPREPLY=()
            while IFS= read -r line; do
                word=${line%%$'\t'*}
                COMPREPLY+=("${word#"$before"}")
            done < <("$program" __complete -- "${words[@]}" 2>/dev/null)
        }
        complete -o default -F _recipes recipes

        """;

    private const string Zsh = """
        #compdef recipes
        # zsh completion for recipes: source <(recipes completion zsh), or as _recipes in a folder of $fpath
        _recipes() {
            local -a items
            local line word program=${(Q)words[1]}
            program=${program/#\~/$HOME}
            while IFS= read -r line; do
                word=${line%%$'\t'*}
                line=${line#"$word"}
                items+=("${word//:/\\:}${line/#$'\t'/:}")
            done < <("$program" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
            if (($#items)); then
                _describe recipes items
            else
                _files
            fi
        }
        if [[ $funcstack[1] == _recipes ]]; then
            _recipes "$@"
        else
            compdef _recipes recipes
        fi

        """;

    private const string Fish = """
        # fish completion for recipes: recipes completion fish | source
        function __recipes_complete
            set -l current (commandline -ct)
            set -l words (commandline -opc) "$current"
            set -l program (string replace -r '^~' $HOME -- $words[1])
            set -l found ($program __complete -- $words[2..-1] 2>/dev/null)
            if test (count $found) -gt 0
                printf '%s\n' $found
            else
                __fish_complete_path "$current"
            end
        end
        complete -c recipes -f -a '(__recipes_complete)'

        """;

    /// <summary>The shells that there is a script for.</summary>
    public static ImmutableArray<string> Shells => ["bash", "zsh", "fish"];

    /// <summary>The script of one of <see cref="Shells"/>.</summary>
    public static string Of(string shell) =>
        shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => throw new ArgumentException($"there is no script for '{shell}'", nameof(shell)),
        };
}
