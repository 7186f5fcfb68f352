"""Reading labels, notes and other author text out of syntax nodes."""

import inspect
import re

from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.acceptance import ACCEPTABLE, Acceptance
from pathway_compiler.model.types import Coding
from pathway_compiler.semantics.scope import Scope
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode, Token

__all__ = [
    "acceptances",
    "codings",
    "issues_of",
    "label_of",
    "note_of",
    "statement_names",
    "unquote",
]

_ESCAPE = re.compile(r"\\(.)")


def unquote(token: Token | str) -> str:
    """The text between quotation marks; `\\"` is a quotation mark and `\\n` a line break."""
    text = str(token)
    if text.startswith('"""'):
        return inspect.cleandoc(text[3:-3]).rstrip()
    return _ESCAPE.sub(lambda m: "\n" if m.group(1) == "n" else m.group(1), text[1:-1])


def label_of(node: SyntaxNode, default: str = "") -> str:
    """The label after a name."""
    label = node.node("label")
    token = label.token("STRING") if label else None
    return unquote(token) if token is not None else default


def note_of(node: SyntaxNode) -> str:
    note = node.node("note")
    token = note.token("TEXT") if note else None
    return unquote(token) if token is not None else ""


def issues_of(node: SyntaxNode) -> tuple[str, ...]:
    return tuple(unquote(t) for item in node.nodes("issue") for t in item.tokens("STRING"))


def acceptances(node: SyntaxNode, file: ParsedFile, scope: Scope) -> tuple[Acceptance, ...]:
    """The findings that `accept …` lines accept, each once and with a reason."""
    found: dict[str, Acceptance] = {}
    for line in node.nodes("accept"):
        token, text = line.token("NAME"), line.token("STRING")
        assert token is not None and text is not None
        word, reason = str(token), unquote(text)
        if word not in ACCEPTABLE:
            scope.report(
                "unknown-finding",
                f"`{word}` is not a finding that can be accepted",
                file.span(token),
                help=did_you_mean(word, ACCEPTABLE) or "the findings are " + ", ".join(ACCEPTABLE),
            )
        elif word in found:
            scope.report("duplicate-item", f"`{word}` is accepted twice", file.span(line))
        elif not reason.strip():
            scope.report(
                "missing-item",
                f"nothing says why `{word}` is accepted",
                file.span(text),
                help="write the reason between the quotation marks",
            )
        else:
            found[word] = Acceptance(word, reason, file.span(line))
    return tuple(found.values())


def statement_names(node: SyntaxNode, file: ParsedFile, scope: Scope) -> tuple[str, ...]:
    """The statements that `from …` lines name, each once; unknown ones are reported."""
    names: dict[str, None] = {}
    for line in node.nodes("from_statement"):
        for token in line.tokens("NAME"):
            if scope.need("statement", token, file) is not None:
                names[str(token)] = None
    return tuple(names)


def codings(node: SyntaxNode | None) -> tuple[Coding, ...]:
    """The codes of a `codes` node: system and code."""
    if node is None:
        return ()
    found = []
    for coding in node.nodes("coding"):
        system, code = coding.token("NAME"), coding.token("CODE")
        if system is not None and code is not None:
            found.append(Coding(str(system), str(code)))
    return tuple(found)
