"""The process that proves: texts on standard input, news about them on standard output."""

import pickle
import sys
from importlib import import_module

from pathway_compiler.diagnostics.span import Source
from pathway_compiler.serve.proving import news_about
from pathway_compiler.syntax.grammar import pathway_parser


def main() -> None:
    """Answer one question and end."""
    # What a proof needs is in memory before the texts come.
    pathway_parser()
    for name in (
        "z3",
        "pathway_compiler.analysis.obligations",
        "pathway_compiler.semantics.from_syntax",
    ):
        import_module(name)
    texts, thoroughly = pickle.load(sys.stdin.buffer)
    for news in news_about([Source(*text) for text in texts], thoroughly=thoroughly):
        pickle.dump(news, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
