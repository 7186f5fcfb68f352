"""The process that proves: texts on standard input, what was found about them on standard output."""

import os
import pickle
import sys

from pathway_compiler.diagnostics.span import Source
from pathway_compiler.serve.proving import found_about


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(10)
    texts: list[tuple[str, str]] = pickle.load(sys.stdin.buffer)
    pickle.dump(found_about([Source(name, text) for name, text in texts]), sys.stdout.buffer)


if __name__ == "__main__":
    main()
