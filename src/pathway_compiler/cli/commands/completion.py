"""`pathway completion`: a script for the shell, made from the commands themselves."""

import argparse

from pathway_compiler.cli.console import Console
from pathway_compiler.cli.main import COMMANDS

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  source <(pathway completion bash)
  pathway completion zsh > ~/.zfunc/_pathway
  pathway completion fish > ~/.config/fish/completions/pathway.fish"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    options = {command: _options(command) for command in COMMANDS}
    text = {"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell](options)
    if arguments.json:
        console.json({"shell": arguments.shell, "script": text})
    else:
        console.raw(text)
    return 0


def _options(command: str) -> list[tuple[str, str]]:
    from pathway_compiler.cli.run_command import command_parser

    found = []
    for action in command_parser(command)._actions:
        for word in action.option_strings:
            if word.startswith("--"):
                found.append((word, " ".join((action.help or "").split())))
    return found


def _bash(options: dict[str, list[tuple[str, str]]]) -> str:
    cases = "\n".join(
        f"    {command}) words='{' '.join(word for word, _ in found)}' ;;"
        for command, found in options.items()
    )
    return f"""\
_pathway() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W '{" ".join(options)} --help --version' -- "$word")
    return
  fi
  case ${{COMP_WORDS[1]}} in
{cases}
  esac
  case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}}
complete -o filenames -F _pathway pathway
"""


def _quoted(text: str) -> str:
    return (
        text.replace("\\", "\\\\")
        .replace("'", "")
        .replace("[", "(")
        .replace("]", ")")
        .replace(":", " -")
    )


def _zsh(options: dict[str, list[tuple[str, str]]]) -> str:
    commands = "\n".join(f"    '{c}:{_quoted(COMMANDS[c])}'" for c in options)
    cases = "\n".join(
        f"    {command}) _arguments "
        + " ".join(f"'{word}[{_quoted(help)}]'" for word, help in found)
        + " '*:file:_files' ;;"
        for command, found in options.items()
    )
    return f"""\
#compdef pathway
_pathway() {{
  local -a commands=(
{commands}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{cases}
  esac
}}
_pathway "$@"
"""


def _fish(options: dict[str, list[tuple[str, str]]]) -> str:
    lines = ["complete -c pathway -n __fish_use_subcommand -f"]
    for command, found in options.items():
        lines.append(
            f"complete -c pathway -n __fish_use_subcommand -f -a {command} -d '{_quoted(COMMANDS[command])}'"
        )
        lines += [
            f"complete -c pathway -n '__fish_seen_subcommand_from {command}' -l {word[2:]} -d '{_quoted(help)}'"
            for word, help in found
        ]
    return "\n".join(lines) + "\n"
