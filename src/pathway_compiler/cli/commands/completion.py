"""`pathway completion`: a script by which a shell completes commands, options and files."""

import argparse
import json

from pathway_compiler.cli.console import Console, Stop

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  source <(pathway completion bash)
  pathway completion zsh > ~/.zfunc/_pathway
  pathway completion fish > ~/.config/fish/completions/pathway.fish"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.json:
        raise Stop(2, "a script for a shell has no JSON form")
    script = {"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell]()
    console.raw(script)
    return 0


class _Option:
    """An option: how it is written, what it means, whether a value follows, and which."""

    def __init__(self, action: argparse.Action) -> None:
        self.names = list(action.option_strings)
        self.help = (action.help or "").replace("\n", " ")
        self.takes_value = action.nargs != 0
        self.values = [str(value) for value in action.choices or ()]


def _commands() -> dict[str, tuple[str, list[_Option], list[str]]]:
    """For each command what it does, its options, and the words its first argument can be."""
    from pathway_compiler.cli.main import COMMANDS
    from pathway_compiler.cli.run_command import command_parser
    from pathway_compiler.diagnostics.codes import CODES

    found: dict[str, tuple[str, list[_Option], list[str]]] = {}
    for name, summary in COMMANDS.items():
        actions = command_parser(name)._actions
        options = [_Option(action) for action in actions if action.option_strings]
        words = [str(c) for a in actions if not a.option_strings for c in a.choices or ()]
        if name == "explain-code":
            words = list(CODES)
        found[name] = (summary, options, words)
    return found


def _bash() -> str:
    commands = _commands()
    cases, values = [], []
    for name, (_, options, words) in commands.items():
        names = " ".join(n for option in options for n in option.names)
        cases.append(f'    {name}) options="{names}"; words="{" ".join(words)}" ;;')
        for option in options:
            if option.values:
                patterns = "|".join(f"{name}:{n}" for n in option.names)
                values.append(
                    f'    {patterns}) COMPREPLY=($(compgen -W "{" ".join(option.values)}" -- "$word"));'
                    " return ;;"
                )
    return _BASH.format(
        commands=" ".join(commands), cases="\n".join(cases), values="\n".join(values)
    )


_BASH = """\
# bash completion for pathway; load it with: source <(pathway completion bash)
_pathway() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
  local command="" options="" words="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "${{COMP_WORDS[index]}}" in
      -*) ;;
      *) command="${{COMP_WORDS[index]}}"; break ;;
    esac
  done
  COMPREPLY=()
  if [[ -z "$command" ]]; then
    COMPREPLY=($(compgen -W "{commands} --help --version" -- "$word"))
    return
  fi
  case "$command:$previous" in
{values}
  esac
  case "$command" in
{cases}
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -n "$words" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  else
    compopt -o filenames 2>/dev/null
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -F _pathway pathway
"""


def _zsh() -> str:
    commands = _commands()
    listed = "\n".join(f"    {_zsh_text(f'{n}:{s}')}" for n, (s, _, _) in commands.items())
    cases = []
    for name, (_, options, words) in commands.items():
        lines = []
        for option in options:
            help = option.help.replace("[", "(").replace("]", ")").replace(":", " ")
            for spelt in option.names:
                value = ""
                if option.values:
                    value = f":value:({' '.join(option.values)})"
                elif option.takes_value:
                    value = ":value:_files"
                lines.append(_zsh_text(f"{spelt}[{help}]{value}"))
        rest = f"*:word:({' '.join(words)})" if words else "*:file:_files"
        lines.append(_zsh_text(rest))
        body = " \\\n        ".join(lines)
        cases.append(f"    {name})\n      _arguments \\\n        {body} ;;")
    return _ZSH.format(commands=listed, cases="\n".join(cases))


def _zsh_text(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


_ZSH = """\
#compdef pathway
# zsh completion for pathway; save it as _pathway in a folder of $fpath
_pathway() {{
  local -a commands
  commands=(
{commands}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
{cases}
  esac
}}
_pathway "$@"
"""


def _fish() -> str:
    lines = ["# fish completion for pathway"]
    commands = _commands()
    for name, (summary, options, words) in commands.items():
        lines.append(
            f"complete -c pathway -n __fish_use_subcommand -f -a {name} -d {_fish_text(summary)}"
        )
        within = f"complete -c pathway -n '__fish_seen_subcommand_from {name}'"
        for option in options:
            spelt = " ".join(
                f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names
            )
            value = ""
            if option.values:
                value = f" -x -a {_fish_text(' '.join(option.values))}"
            elif option.takes_value:
                value = " -r"
            lines.append(f"{within} {spelt}{value} -d {_fish_text(option.help)}")
        if words:
            lines.append(f"{within} -f -a {_fish_text(' '.join(words))}")
    return "\n".join(lines) + "\n"


def _fish_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("$", "\\$")
