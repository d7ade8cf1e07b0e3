"""`incidentbook completion`: the script by which a shell completes what is typed."""

from __future__ import annotations

import click

from incidentbook.commands.session import Session

_BASH = """\
# bash completion for incidentbook
_incidentbook_completion() {
    local kind value
    COMPREPLY=()
    while IFS=',' read -r kind value; do
        case "$kind" in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(
        IFS=$'\\n'
        COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \\
            _INCIDENTBOOK_COMPLETE=bash_complete "$1" 2>/dev/null
    )
}
complete -o nosort -F _incidentbook_completion incidentbook 2>/dev/null ||
    complete -F _incidentbook_completion incidentbook
"""

_ZSH = """\
#compdef incidentbook
_incidentbook_completion() {
    local -a plain described response
    local kind value told
    (( $+commands[incidentbook] )) || return 1
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        _INCIDENTBOOK_COMPLETE=zsh_complete incidentbook 2>/dev/null)}")
    for kind value told in ${response}; do
        case "$kind" in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            plain)
                if [[ "$told" == "_" ]]; then
                    plain+=("$value")
                else
                    described+=("$value":"$told")
                fi ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#plain )) && compadd -U -V unsorted -a plain
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _incidentbook_completion "$@"
else
    compdef _incidentbook_completion incidentbook
fi
"""

_FISH = """\
# fish completion for incidentbook
function _incidentbook_completion
    set -l response (env _INCIDENTBOOK_COMPLETE=fish_complete COMP_WORDS=(commandline -cp) \\
        COMP_CWORD=(commandline -t) incidentbook 2>/dev/null)
    for line in $response
        set -l part (string split -m 1 "," -- $line)
        switch $part[1]
            case dir
                __fish_complete_directories $part[2]
            case file
                __fish_complete_path $part[2]
            case plain
                echo $part[2]
        end
    end
end
complete --no-files --command incidentbook --arguments "(_incidentbook_completion)"
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


@click.command(
    "completion",
    epilog="""\b
Examples:
  echo 'eval "$(incidentbook completion bash)"' >> ~/.bashrc
  echo 'eval "$(incidentbook completion zsh)"' >> ~/.zshrc
  incidentbook completion fish > ~/.config/fish/completions/incidentbook.fish""",
)
@click.argument("shell", type=click.Choice(list(SCRIPTS)))
@click.pass_obj
def command(session: Session, /, shell: str) -> int:
    """Print the script by which a shell completes verbs, options and values.

    IDs come with their titles; services, categories, teams, handles, reasons, codes and articles are those of
    the repository around, or of --repo. In zsh, `compinit` must have run before.
    """
    return run(session, shell)


def run(session: Session, shell: str) -> int:  # noqa: ARG001 -- every verb is called with one
    """Print the script of a shell."""
    click.echo(SCRIPTS[shell], nl=False)
    return 0
