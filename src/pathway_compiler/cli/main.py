"""The executable `pathway`: which command is meant, and what becomes of what goes wrong.

INVARIANT: nothing is imported here that a command does not need; `--version` and `--help` are read
by people who wait, and by shells that complete.
"""

import sys

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "new": "start a guideline that passes `check` and `test`",
    "check": "find mistakes in a guideline, as text, JSON or SARIF",
    "fmt": "lay out the files of a guideline in the one canonical way",
    "eval": "the value of an expression, with or without a guideline and data",
    "run": "what a guideline says about patients, today or visit by visit",
    "ask": "the same, question by question in the terminal",
    "explain": "why something is recommended for a patient, and why not",
    "prove": "that every patient is covered and nothing contradicts, or a patient who shows it",
    "generate": "patients who try out every route, threshold and condition of a guideline",
    "test": "run the cases of a guideline, and see what they reach",
    "diff": "what changed between two versions of a guideline, by meaning",
    "statements": "the statements of the source, and where each is encoded",
    "serve": "a live preview in the browser, which follows your files while you write",
    "build": "the guideline as a site in build/, or as drawings",
    "export": "a guideline in another format",
    "translate": "the texts of a guideline in other languages",
    "explain-code": "what a diagnostic such as `decision-gap` means",
    "doctor": "what on this machine could make drawings fail or differ",
    "completion": "a script that completes commands in bash, zsh or fish",
}
"""Every command, in the order of the work, with what it does."""

HELP = """\
pathway: executable, checked, drawable clinical guidelines

usage: pathway COMMAND GUIDELINE [PATIENT ...] [options]

write    new           start a guideline that passes `check` and `test`
         check         find mistakes in a guideline, as text, JSON or SARIF
         fmt           lay out the files of a guideline in the one canonical way
         eval          the value of an expression, with or without data
run      run           what a guideline says about patients, visit by visit
         ask           the same, question by question in the terminal
         explain       why something is recommended for a patient, and why not
verify   prove         every patient covered, no contradiction; or who shows it
         generate      patients for every route, threshold and condition
         test          run the cases of a guideline, and see what they reach
         diff          what changed between two versions of a guideline
         statements    the statements of the source, and where each is encoded
publish  serve         a live preview in the browser while you write
         build         the guideline as a site in build/, or as drawings
         export        a guideline in another format
         translate     the texts of a guideline in other languages
help     explain-code  what a diagnostic such as `decision-gap` means
         doctor        what on this machine could make drawings fail or differ
         completion    a script that completes commands in bash, zsh or fish

GUIDELINE is a folder of .pathway files, or one of them. Every command has --help
with examples, --json, --color auto|always|never (NO_COLOR counts) and --debug.

exit codes: 0 done; 1 the guideline or its cases have findings; 2 usage;
3 unreadable or invalid input data; 70 a bug of ours

start with:  pathway new my_guideline
             pathway check my_guideline
             pathway run my_guideline my_guideline/patients/example.json
"""

DONE, FINDINGS, USAGE, BAD_DATA, BUG = 0, 1, 2, 3, 70
_CLOSED_PIPE = 141
_INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command; the result is the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does. Nobody is left to be told.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED_PIPE
    except KeyboardInterrupt:
        print("", file=sys.stderr)
        return _INTERRUPTED
    except SystemExit as stop:  # of argparse
        return stop.code if isinstance(stop.code, int) else USAGE
    except OSError as error:
        if debug:
            raise
        place = f"{error.filename}: " if error.filename else ""
        print(f"pathway: {place}{error.strerror or error}", file=sys.stderr)
        return BAD_DATA
    except Exception as error:
        if debug:
            import traceback

            traceback.print_exc()
        first = str(error).split("\n")[0][:200]
        print(
            f"pathway: this is a bug of ours, please report it: {type(error).__name__}: {first}"
            + ("" if debug else "  (--debug shows where)"),
            file=sys.stderr,
        )
        return BUG


def _dispatch(arguments: list[str]) -> int:
    before: list[str] = []
    while arguments and arguments[0].startswith("-"):
        option = arguments.pop(0)
        if option in ("-V", "--version"):
            from pathway_compiler._version import __version__

            print(f"pathway {__version__}")
            return DONE
        if option in ("-h", "--help"):
            sys.stdout.write(HELP)
            return DONE
        if option == "--color" and arguments:
            before += [option, arguments.pop(0)]
        elif option == "--debug" or option.startswith("--color="):
            before.append(option)
        else:
            return _usage(f"there is no option `{option}` before a command")
    if not arguments:
        sys.stderr.write(HELP)
        return USAGE
    command = arguments.pop(0)
    if command == "help":
        if not arguments:
            sys.stdout.write(HELP)
            return DONE
        command, arguments = arguments[0], ["--help"]
    if command not in COMMANDS:
        from pathway_compiler.diagnostics.suggest import did_you_mean

        return _usage(f"there is no command `{command}`", did_you_mean(command, COMMANDS))
    from pathway_compiler.cli.run_command import run_command

    return run_command(command, [*before, *arguments])


def _usage(message: str, help: str | None = None) -> int:
    print(f"pathway: {message}; {help or '`pathway --help` lists the commands'}", file=sys.stderr)
    return USAGE
