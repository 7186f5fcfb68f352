"""Markdown documents as tests: fenced blocks, hidden preludes, and the findings of a block.

A ```` ```pathway ```` block is checked together with a prelude, the small vocabulary in
`tests/conformance/preludes/`, so that a reader sees only what the example is about. The info string
of a block may say `prelude=NAME` (`prelude=none`: the block stands alone), and `error=CODE` for an
example that shows a mistake. A block that declares no guideline gets a header that enters its first
pathway. The example stands first in the text, so its places are those of the document.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pathway_compiler.diagnostics.codes import Severity
from pathway_compiler.diagnostics.diagnostic import Diagnostic, in_order
from pathway_compiler.diagnostics.span import Source

__all__ = [
    "PRELUDES",
    "REPOSITORY",
    "Block",
    "Section",
    "blocks",
    "Evaluations",
    "errors",
    "evaluations",
    "expression_problems",
    "findings",
    "findings_within",
    "guideline_text",
    "own_text",
    "sections",
]

REPOSITORY = Path(__file__).resolve().parent.parent
PRELUDES = REPOSITORY / "tests" / "conformance" / "preludes"
DEFAULT_PRELUDE = "breast"

_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[^`\n]*)$")
_UNDERLINES = re.compile(r"<!--\s*underlines:\s*(?P<text>.*?)\s*-->")
_GAP = re.compile(r"<!--\s*not yet:\s*(?P<why>[\s\S]*?)\s*-->")
_DECLARED = re.compile(
    r"^(?P<word>guideline|grading|statement|type|record|element|agent|procedure|investigation"
    r"|service|class|parameter|define|reading|contraindication|incompatible|moment|pathway|slot|case)"
    r"[ ]+(?P<name>\w+)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its options, its text and the line after its opening fence."""

    language: str
    options: dict[str, str]
    text: str
    line: int
    underlines: str | None = None

    @property
    def prelude(self) -> str:
        return self.options.get("prelude", DEFAULT_PRELUDE)

    @property
    def error(self) -> str | None:
        return self.options.get("error")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the blocks directly below it.

    `gap` says why a test does not pass yet: `<!-- not yet: … -->`.
    """

    heading: str
    line: int
    number: int = 0
    level: int = 0
    blocks: tuple[Block, ...] = field(default=())
    gap: str | None = None

    def of(self, language: str) -> list[Block]:
        return [b for b in self.blocks if b.language == language]


def sections(text: str) -> list[Section]:
    """The headings of a document that have blocks, with their blocks."""
    found: list[tuple[_Heading, list[Block]]] = [(_Heading("", 1, 0), [])]
    for item in _items(text):
        if isinstance(item, Block):
            found[-1][1].append(item)
        else:
            found.append((item, []))
    lines = text.split("\n")
    result: list[Section] = []
    for index, (heading, own) in enumerate(found):
        end = found[index + 1][0].line - 1 if index + 1 < len(found) else len(lines)
        gap = _GAP.search("\n".join(lines[heading.line - 1 : end]))
        if own:
            result.append(
                Section(
                    heading.text,
                    heading.line,
                    len(result),
                    heading.level,
                    tuple(own),
                    gap["why"] if gap else None,
                )
            )
    return result


@dataclass(frozen=True, slots=True)
class _Heading:
    text: str
    line: int
    level: int


def blocks(text: str) -> list[Block]:
    """All blocks of a document, in order."""
    return [item for item in _items(text) if isinstance(item, Block)]


def _items(text: str) -> Iterator[Block | _Heading]:
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        match = _FENCE.match(lines[index])
        if match is None:
            if lines[index].startswith("#"):
                title = lines[index].lstrip("#")
                yield _Heading(title.strip(), index + 1, len(lines[index]) - len(title))
            index += 1
            continue
        start = index + 1
        end = next(
            (i for i in range(start, len(lines)) if lines[i].rstrip() == match["fence"]), None
        )
        assert end is not None, f"the block of line {index + 1} is not closed"
        language, *options = match["info"].split() or [""]
        after = next((line for line in lines[end + 1 :] if line.strip()), "")
        marked = _UNDERLINES.match(after.strip())
        yield Block(
            language,
            dict(o.split("=", 1) if "=" in o else (o, "") for o in options),
            "\n".join(lines[start:end]) + "\n",
            start + 1,
            marked["text"] if marked else None,
        )
        index = end + 1


def guideline_text(block: Block, more: str = "") -> str:
    """The whole guideline that a block stands for: the block, its prelude and a header."""
    if block.prelude == "none":
        return block.text + more
    prelude = (PRELUDES / f"{block.prelude}.pathway").read_text(encoding="utf-8")
    own = {_declared(match) for match in _DECLARED.finditer(block.text)}
    kept = [
        chunk
        for chunk in _declarations(prelude)
        if (match := _DECLARED.match(chunk)) and _declared(match) not in own
    ]
    whole = block.text + more + "".join(kept)
    if re.search(r"^guideline\b", whole, re.MULTILINE):
        return whole
    header = 'guideline example "Example":\n  version "1"\n'
    schemes = re.findall(r"^grading (\w+)", whole, re.MULTILINE)
    if schemes:
        header += f"  grading {schemes[0]}\n"
    pathways = re.findall(r"^pathway (\w+)", whole, re.MULTILINE)
    if pathways:
        header += f"  entry {pathways[0]}\n"
    return whole + header


def _declarations(text: str) -> list[str]:
    """A text cut before each line at the margin."""
    return re.split(r"(?m)^(?=[a-z])", text)


def _declared(match: re.Match[str]) -> tuple[str, str]:
    """The table that a declaration belongs to, and its name there."""
    return _TABLES.get(match["word"], match["word"]), match["name"]


_TABLES = {
    **dict.fromkeys(("element", "define", "reading", "parameter"), "fact"),
    **dict.fromkeys(("agent", "procedure", "investigation", "service", "class"), "action"),
    **dict.fromkeys(("type", "record"), "type"),
}


def findings(text: str) -> tuple[Diagnostic, ...]:
    """Everything that the compiler finds in the text of a guideline, failing cases included."""
    from pathway_compiler.driver import check_text, compile_sources
    from pathway_compiler.engine.cases import run_case

    found = list(check_text(text, "guideline.pathway"))
    compiled = compile_sources([Source("guideline.pathway", text)]).compiled
    if compiled is not None:
        for case in compiled.guideline.cases.values():
            found.extend(run_case(compiled, case).failures)
    return in_order(found)


def own_text(block: Block) -> range:
    """The offsets of the block's own text in its guideline."""
    return range(0, len(block.text) + 1)


def findings_within(block: Block) -> list[Diagnostic]:
    """The findings that lie in the block itself, not in its prelude."""
    within = own_text(block)
    return [d for d in findings(guideline_text(block)) if d.span.start in within]


def errors(found: "tuple[Diagnostic, ...] | list[Diagnostic]") -> list[Diagnostic]:
    return [d for d in found if d.severity is Severity.ERROR]


@dataclass(frozen=True, slots=True)
class Evaluations:
    """An `eval` block: facts, then expressions with their values, as a guideline with one case."""

    expressions: tuple[tuple[str, str, int], ...]
    guideline: str


def evaluations(block: Block) -> Evaluations:
    """Read an `eval` block.

    Each expression becomes a definition of its own, and each value a line of a case, so that what
    the reference shows is what an author can write.
    """
    given: list[str] = []
    expressions: list[tuple[str, str, int]] = []
    waiting: tuple[str, int] | None = None
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("given "):
            given.append(f"  {line}\n")
        elif line.startswith("= "):
            assert waiting is not None, f"line {number}: a value without an expression"
            expressions.append((waiting[0], line[2:].strip(), waiting[1]))
            waiting = None
        elif line.strip():
            assert waiting is None, f"line {number}: the expression before has no value"
            waiting = (line.strip(), number)
    assert waiting is None, f"line {block.line}: the last expression has no value"
    text = "".join(
        f'define result_{number} "Result": boolean = {expression}\n'
        for expression, _, number in expressions
    )
    text += 'pathway nothing "Nothing":\n  end done "Done"\n'
    text += 'case shown "Shown":\n  as of 2019-03-01\n' + "".join(given)
    text += "".join(f"  result_{number} is {value}\n" for _, value, number in expressions)
    whole = guideline_text(Block("pathway", block.options, text, block.line))
    return Evaluations(tuple(expressions), whole)


def expression_problems(block: Block) -> list[str]:
    """What an `eval` block says that is not so."""
    read = evaluations(block)
    by_name = {f"result_{number}": (text, number) for text, _, number in read.expressions}
    problems = []
    for diagnostic in errors(findings(read.guideline)):
        text = diagnostic.span.source.line_text(diagnostic.span.line)
        match = re.search(r"result_\d+", text)
        expression, line = by_name[match[0]] if match else (text, block.line)
        problems.append(f"line {line}: `{expression}`: {diagnostic.code}: {diagnostic.message}")
    return problems
