"""Reading a file: one declaration at a time, so that a mistake in one leaves the others readable.

`parse` never raises for an author's mistake. A declaration starts at the margin. When the grammar
does not fit, the item of the declaration that holds the place (a node, an attribute) is blanked out
and the declaration is read again: one mistake gives one error, and the rest is still checked.
"""

import re
from dataclasses import dataclass

from lark import TextSlice, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.syntax.grammar import keywords, pathway_parser
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode

__all__ = [
    "DECLARATION_WORDS",
    "MAXIMAL_FILE_SIZE",
    "MAXIMAL_NESTING",
    "parse",
    "parse_expression",
]

MAXIMAL_FILE_SIZE = 2_000_000
"""Characters; a guideline file is far below this, and larger input is refused unread."""
MAXIMAL_NESTING = 60
"""Brackets within brackets; also the depth to which conditions may nest."""
MAXIMAL_ERRORS = 20
"""Syntax errors reported for one declaration."""

DECLARATION_WORDS = frozenset(
    [
        "guideline",
        "grading",
        "statement",
        "type",
        "record",
        "element",
        "agent",
        "procedure",
        "investigation",
        "service",
        "class",
        "constraint",
        "parameter",
        "define",
        "reading",
        "contraindication",
        "incompatible",
        "moment",
        "pathway",
        "slot",
        "case",
    ]
)

_INTERESTING = re.compile(
    r'''"""[\s\S]*?(?:"""|\Z)|"(?:\\.|[^"\\\n])*(?:"|(?=\n)|\Z)|'[^'\n]*'|#[^\n]*'''
    r"|[(\[{]|[)\]}]|\n(?=[^ \t\r\n#])|\n[ ]*\t"
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


def parse(source: Source) -> tuple[ParsedFile, tuple[Diagnostic, ...]]:
    """The declarations of a file and what was found wrong with its text."""
    if len(source.text) > MAXIMAL_FILE_SIZE:
        problem = Diagnostic(
            "file-too-large",
            f"this file has {len(source.text):,} characters and at most {MAXIMAL_FILE_SIZE:,} are read",
            Span(source, 0, 0),
            help="split the guideline into several files of its folder",
        )
        return ParsedFile(source, ()), (problem,)
    text = source.text if source.text.endswith("\n") else source.text + "\n"
    chunks, problems = _split(source, text)
    declarations: list[SyntaxNode] = []
    damaged: set[str] = set()
    for chunk in chunks:
        declaration, more, broken = _parse_chunk(source, text, chunk)
        problems.extend(more)
        damaged.update(broken)
        if declaration is not None:
            declarations.append(declaration)
    return ParsedFile(source, tuple(declarations), frozenset(damaged)), tuple(problems)


def parse_expression(source: Source) -> tuple[SyntaxNode | None, tuple[Diagnostic, ...]]:
    """A single expression, as in a condition; None and why when it is none."""
    text = source.text.strip() + "\n"
    source = Source(source.name, text)
    if len(text) > MAXIMAL_FILE_SIZE // 100 or text.count("(") > MAXIMAL_NESTING:
        problem = Diagnostic("nesting-too-deep", "this expression is too long", Span(source, 0, 1))
        return None, (problem,)
    try:
        tree = pathway_parser().parse(text, start="expression_text")
    except UnexpectedInput as error:
        return None, (_explain(source, text, error, _Chunk(0, len(text)))[0],)
    assert isinstance(tree, SyntaxNode)
    return tree.node(), ()


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The text of one declaration, and a place in it already known to be wrong, if any."""

    start: int
    end: int
    broken_at: int | None = None


def _split(source: Source, text: str) -> tuple[list[_Chunk], list[Diagnostic]]:
    """Cut the text into declarations, each from one line at the margin to the next."""
    problems: list[Diagnostic] = []
    chunks: list[_Chunk] = []
    start = 0
    broken_at: int | None = None
    open_brackets: list[int] = []

    def close_chunk(end: int) -> None:
        nonlocal start, broken_at
        if open_brackets:
            at = open_brackets[-1]
            broken_at = at if broken_at is None else broken_at
            problems.append(
                Diagnostic(
                    "unclosed-bracket",
                    f"this `{text[at]}` is never closed",
                    Span(source, at, at + 1),
                    help=f"add `{_CLOSERS[text[at]]}` where the group ends",
                )
            )
            open_brackets.clear()
        if text[start:end].strip():
            chunks.append(_Chunk(start, end, broken_at))
        start, broken_at = end, None

    for match in _INTERESTING.finditer(text):
        found, at = match.group(), match.start()
        first = found[0]
        if first == "\n":
            if found != "\n":
                place = match.end() - 1
                problems.append(
                    Diagnostic(
                        "tab-in-indentation",
                        "this line is indented with a tab",
                        Span(source, place, place + 1),
                        help="indent with two spaces a level",
                    )
                )
                broken_at = place if broken_at is None else broken_at
            else:
                word = _WORD.match(text, match.end())
                if not open_brackets or (word and word.group() in DECLARATION_WORDS):
                    close_chunk(match.end())
        elif first == '"':
            if found.startswith('"""'):
                closed = len(found) >= 6 and found.endswith('"""')
            else:
                closed = len(found) >= 2 and found.endswith('"')
            if not closed:
                problems.append(
                    Diagnostic(
                        "unclosed-text",
                        "this text has no closing quotation marks",
                        Span(source, at, at + (3 if found.startswith('"""') else 1)),
                        help="close it with the same quotation marks, on the same line unless there are three",
                    )
                )
                broken_at = at if broken_at is None else broken_at
        elif first in "([{":
            open_brackets.append(at)
            if len(open_brackets) == MAXIMAL_NESTING + 1:
                problems.append(
                    Diagnostic(
                        "nesting-too-deep",
                        f"brackets are nested more than {MAXIMAL_NESTING} deep here",
                        Span(source, at, at + 1),
                        help="give parts of the condition a name with `define`",
                    )
                )
                broken_at = at if broken_at is None else broken_at
        elif first in ")]}":
            if open_brackets and _CLOSERS[text[open_brackets[-1]]] == first:
                open_brackets.pop()
            elif broken_at is None:
                labels: tuple[Label, ...] = ()
                if open_brackets:
                    opened = open_brackets[-1]
                    labels = (Label(Span(source, opened, opened + 1), "opened here"),)
                problems.append(
                    Diagnostic(
                        "unclosed-bracket",
                        f"this `{first}` closes nothing",
                        Span(source, at, at + 1),
                        labels,
                        help="remove it, or open the group before it",
                    )
                )
                broken_at = at
                open_brackets.clear()
    close_chunk(len(text))
    return chunks, problems


def _parse_chunk(
    source: Source, text: str, chunk: _Chunk
) -> tuple[SyntaxNode | None, list[Diagnostic], set[str]]:
    """One declaration read, item by item where it has mistakes; with the names in what is lost."""
    problems: list[Diagnostic] = []
    damaged: set[str] = set()
    word = _WORD.match(
        text,
        chunk.start
        + len(text[chunk.start : chunk.end])
        - len(text[chunk.start : chunk.end].lstrip()),
    )
    body = text[chunk.start : chunk.end]
    if word is None or word.group() not in DECLARATION_WORDS:
        first_line_start = chunk.start + len(body) - len(body.lstrip())
        if not _only_comments(body):
            if chunk.broken_at is None:
                problems.append(_unknown_declaration(source, text, first_line_start, word))
            damaged.update(_WORD.findall(body))
        return None, problems, damaged
    if chunk.broken_at is not None:
        blanked = _blank_item(body, chunk.broken_at - chunk.start)
        if blanked is None:
            return None, problems, set(_WORD.findall(body))
        damaged.update(_lost_words(body, blanked))
        body = blanked
    while True:
        try:
            return _parse_text(text, chunk, body), problems, damaged
        except UnexpectedInput as error:
            problem, at = _explain(source, text, error, chunk)
            problems.append(problem)
            blanked = _blank_item(body, at - chunk.start)
            if blanked is None or len(problems) >= MAXIMAL_ERRORS:
                damaged.update(_WORD.findall(body))
                return None, problems, damaged
            damaged.update(_lost_words(body, blanked))
            body = blanked


def _parse_text(text: str, chunk: _Chunk, body: str) -> SyntaxNode | None:
    """The tree of one declaration; positions count in the whole text."""
    whole = text
    if body != text[chunk.start : chunk.end]:
        whole = text[: chunk.start] + body + text[chunk.end :]
    tree = pathway_parser().parse(TextSlice(whole, chunk.start, chunk.end), start="start")
    assert isinstance(tree, SyntaxNode)
    found = list(tree.nodes("declaration"))
    assert len(found) <= 1, "a chunk holds one declaration"
    return found[0].node() if found else None


def _only_comments(body: str) -> bool:
    return all(not line.strip() or line.lstrip().startswith("#") for line in body.split("\n"))


def _blank_item(body: str, at: int) -> str | None:
    """The declaration with the item around offset `at` turned to spaces; None when that is the header."""
    lines = [line + "\n" for line in body.split("\n")]
    header_seen = False
    depth: int | None = None
    starts: list[int] = []
    position = 0
    in_text = False
    for line in lines:
        stripped = line.strip()
        indentation = len(line) - len(line.lstrip())
        if not in_text and stripped and not stripped.startswith("#"):
            if not header_seen:
                header_seen = True
            else:
                depth = indentation if depth is None else depth
                if indentation <= depth:
                    starts.append(position)
        if stripped.count('"""') % 2:
            in_text = not in_text
        position += len(line)
    index = max((i for i, start in enumerate(starts) if start <= at), default=None)
    if index is None:
        return None
    start = starts[index]
    end = starts[index + 1] if index + 1 < len(starts) else len(body)
    if not body[start:end].strip():
        return None
    blank = re.sub(r"[^\n]", " ", body[start:end])
    rest = body[:start] + blank + body[end:]
    return rest if any(rest[s:].strip() for s in starts) or index > 0 else None


def _lost_words(before: str, after: str) -> set[str]:
    lost = "".join(b if a == " " else " " for b, a in zip(before, after, strict=True))
    return set(_WORD.findall(lost))


_WORDS_FOR = {
    "NAME": "a name",
    "STRING": "a text in quotation marks",
    "TEXT": "a note in triple quotation marks",
    "NUMBER": "a number",
    "DATE": "a date",
    "UNIT": "a unit",
    "QUOTED_UNIT": "a unit in single quotation marks",
    "CODE": "a code",
    "_NL": "the end of the line",
    "_INDENT": "an indented block",
    "_DEDENT": "the end of the block",
    "$END": "the end of the file",
    "COLON": "`:`",
    "COMMA": "`,`",
    "EQUALS": "`=`",
    "VBAR": "`|`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "DOT": "`.`",
    "COMPARISON": "a comparison",
    "KIND": "a kind of statement such as `recommend`",
    "BURDEN": "a burden: `low`, `moderate` or `high`",
    "RANK": "a rank such as `preferred`",
    "STATUS": "a status such as `complete`",
    "VERB": "an action such as `give`",
    "ACTION_KIND": "a kind of action such as `agent`",
    "RECOMMEND": "`recommend`",
}


def _explain(
    source: Source, text: str, error: UnexpectedInput, chunk: _Chunk
) -> tuple[Diagnostic, int]:
    """A syntax error in the author's terms, and the offset it belongs to."""
    if isinstance(error, UnexpectedCharacters):
        found: object = error.pos_in_stream  # lark declares it as None
        at = found if isinstance(found, int) else chunk.start
        character = text[at : at + 1]
        problem = Diagnostic(
            "unexpected-character",
            f"`{character}` has no meaning here",
            Span(source, at, at + 1),
            help=_expected_help(set(error.allowed or ())),
        )
        return problem, at
    if not isinstance(error, UnexpectedToken):
        at = max(chunk.start, chunk.end - 1)
        return Diagnostic(
            "syntax-error", "this declaration ends too early", Span(source, at, at)
        ), at
    token: Token = error.token
    expected = set(error.accepts or error.expected)
    at = token.start_pos if token.start_pos is not None else chunk.end - 1
    before = _end_of_text_before(text, chunk.start, at)
    span = Span(source, at, max(token.end_pos or at, at + 1))
    here = Span(source, max(before - 1, 0), before)
    item = max(before - 1, chunk.start)
    if token.type in ("_NL", "$END", "_DEDENT"):
        if "COLON" in expected:
            return Diagnostic(
                "missing-colon",
                "a `:` is missing at the end of this line",
                here,
                help="write `:` here; the indented lines below belong to it",
            ), item
        return Diagnostic(
            "syntax-error", "this line ends too early", here, help=_expected_help(expected)
        ), item
    if token.type == "_INDENT":
        line_start = before
        indented = Span(source, at, at + 1)
        if at < len(text):
            newline = text.rfind("\n", 0, token.end_pos or at)
            start = newline + 1
            line = source.text[start : source.text.find("\n", start)]
            indented = Span(source, start, start + max(len(line) - len(line.lstrip()), 1))
            line_start = start
        return Diagnostic(
            "bad-indentation",
            "this line is indented, but nothing above it opens a block",
            indented,
            help="start it below the line above it, or end that line with `:`",
        ), line_start
    if "COLON" in expected and not ({"NAME", "STRING"} & expected and token.type == "CODE"):
        colon_fits = text.find(":", at, text.find("\n", at)) < 0
        if colon_fits or token.type in ("NAME", "BOOLEAN", "ONE", "SET", "LIST", "QUANTITY"):
            return Diagnostic(
                "missing-colon",
                f"a `:` is missing before `{token}`",
                span,
                help="write `:` before it",
            ), at
    if "NAME" in expected and str(token) in keywords():
        return Diagnostic(
            "reserved-word",
            f"`{token}` is a word of the language and cannot be a name here",
            span,
            help=f"choose another name, such as `{token}_`",
        ), at
    candidates = [str(t.pattern.value) for t in pathway_parser().terminals if t.name in expected]
    suggestion = did_you_mean(str(token), [c for c in candidates if c.isalpha()])
    return Diagnostic(
        "syntax-error",
        f"`{_short(str(token))}` does not fit here",
        span,
        help=suggestion or _expected_help(expected),
    ), at


def _short(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= 40 else line[:39] + "…"


def _end_of_text_before(text: str, start: int, at: int) -> int:
    """The end of the last word before an offset, comments and white space left out."""
    before = text[start:at]
    while True:
        before = before.rstrip()
        line_start = before.rfind("\n") + 1
        line = before[line_start:]
        if line.lstrip().startswith("#"):
            before = before[:line_start]
            continue
        break
    return start + len(before)


def _expected_help(expected: set[str]) -> str | None:
    words = []
    for terminal in pathway_parser().terminals:
        if terminal.name not in expected or terminal.name in ("_DEDENT", "_INDENT"):
            continue
        if terminal.name in _WORDS_FOR:
            words.append(_WORDS_FOR[terminal.name])
        elif terminal.pattern.type == "str":
            words.append(f"`{terminal.pattern.value}`")
        else:
            words.append("`" + terminal.name.lower().replace("_", " ") + "`")
    words = sorted(set(words))
    if not words or len(words) > 8:
        return None
    return "what can stand here: " + ", ".join(words)


def _unknown_declaration(
    source: Source, text: str, start: int, word: re.Match[str] | None
) -> Diagnostic:
    if word is None:
        return Diagnostic(
            "unknown-declaration",
            "a declaration starts with a word such as `element` or `pathway`",
            Span(source, start, min(start + 1, len(text))),
        )
    suggestion = did_you_mean(word.group(), DECLARATION_WORDS)
    return Diagnostic(
        "unknown-declaration",
        f"`{word.group()}` starts no declaration",
        Span(source, word.start(), word.end()),
        help=suggestion or "indent the line if it belongs to the declaration above it",
    )
