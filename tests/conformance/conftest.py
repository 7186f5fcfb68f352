"""The conformance documents: Markdown files of which each heading is a test.

Below a heading stand, in this order:

- a `pathway` block: part of a guideline, checked with a prelude (see `markdown_tests`). A heading
  without one uses that of the heading above it;
- `diagnostics`: the findings in that block, one `code underlined text` a line, in order. Findings
  about bookkeeping (`missing-statement` and its like) count only where one is listed;
- `patient`: facts in YAML; `as_of` and `pathway` say when and what to run. A second block is a
  later visit: it adds facts and goes on where the patient waits;
- `outcome`: what must come out, one `key: value` a line; see `KEYS`.

With a `pathway` block alone, it must be free of errors, its cases included. A comment
`<!-- not yet: reason -->` marks a test that is known to fail. `--update-golden` writes the expected
blocks anew.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from markdown_tests import (
    Block,
    Section,
    errors,
    findings,
    findings_within,
    guideline_text,
    sections,
)

BOOKKEEPING = {"missing-statement", "unused-statement", "unused-element"}
NONE = "none"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "Document | None":
    if file_path.suffix == ".md" and file_path.parent == Path(__file__).parent:
        return Document.from_parent(parent, path=file_path)
    return None


class Document(pytest.File):
    """One Markdown document."""

    def collect(self) -> Iterator["ConformanceTest"]:
        above: list[Section] = []
        seen: set[str] = set()
        for section in sections(self.path.read_text(encoding="utf-8")):
            while above and above[-1].level >= section.level:
                above.pop()
            inherited = next(
                (s.of("pathway")[-1] for s in reversed(above) if s.of("pathway")), None
            )
            name = ": ".join([*(s.heading for s in above), section.heading])
            assert name not in seen, f"two headings `{name}` in {self.path.name}"
            seen.add(name)
            test = ConformanceTest.from_parent(
                self, name=name, section=section, inherited=inherited
            )
            if section.gap is not None:
                test.add_marker(pytest.mark.xfail(reason=section.gap, strict=True))
            yield test
            above.append(section)


class ConformanceTest(pytest.Item):
    """One heading."""

    def __init__(self, *, section: Section, inherited: Block | None, **more: Any) -> None:
        super().__init__(**more)
        self.section = section
        self.inherited = inherited

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.section.line - 1, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Mismatch):
            return f"{self.path.name}:{excinfo.value.block.line}: {self.name}\n{excinfo.value}"
        # Only what happened in our own code: the way there through pytest helps nobody.
        frames = traceback.extract_tb(excinfo.tb)
        start = next((i for i, frame in enumerate(frames) if frame.filename == __file__), 0)
        way = "".join(traceback.format_list(frames[start:]))
        return f"{self.path.name}:{self.section.line}: {self.name}\n{way}{excinfo.exconly()}"

    def runtest(self) -> None:
        pathway = self.inherited
        visits: list[Block] = []
        expectations = 0
        for block in self.section.blocks:
            match block.language:
                case "pathway":
                    pathway, visits = block, []
                case "patient":
                    visits.append(block)
                case "diagnostics":
                    assert pathway is not None, "no pathway to check"
                    expectations += 1
                    self._compare(block, _diagnostics(pathway, block))
                case "outcome":
                    assert pathway is not None, "no pathway to run"
                    assert visits, "no patient to run it for"
                    expectations += 1
                    self._compare(block, _outcome(pathway, visits, block))
                case other:
                    raise AssertionError(f"line {block.line}: what is a `{other}` block?")
        if not expectations:
            own = self.section.of("pathway")
            assert own, "nothing is tested under this heading"
            for block in own:
                found = errors(findings(guideline_text(block)))
                if found:
                    lines = [
                        f"line {block.line + d.span.line - 1}: {d.code}: {d.message}" for d in found
                    ]
                    raise Mismatch(block, "\n".join(lines))

    def _compare(self, block: Block, found: str) -> None:
        if found == block.text:
            return
        if self.config.getoption("--update-golden"):
            _rewrite(self.path, self.section, block, found)
            return
        raise Mismatch(block, f"expected:\n{_indented(block.text)}found:\n{_indented(found)}")


class Mismatch(AssertionError):
    """What a block says and what was found differ."""

    def __init__(self, block: Block, message: str) -> None:
        super().__init__(message)
        self.block = block


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _rewrite(path: Path, section: Section, block: Block, found: str) -> None:
    """Put the text that was found into the block; earlier blocks may have changed the lines."""
    text = path.read_text(encoding="utf-8")
    place = section.blocks.index(block)
    now = sections(text)[section.number].blocks[place]
    lines = text.split("\n")
    start = now.line - 1
    lines[start : start + now.text.count("\n")] = found.removesuffix("\n").split("\n")
    path.write_text("\n".join(lines), encoding="utf-8")


def _diagnostics(pathway: Block, block: Block) -> str:
    listed = {line.split(" ", 1)[0] for line in block.text.splitlines()}
    shown = findings_within(pathway)
    if not listed & BOOKKEEPING:
        shown = [d for d in shown if d.code not in BOOKKEEPING]
    lines = [f"{d.code} {' '.join(d.span.text.split())}".rstrip() for d in shown]
    return "".join(f"{line}\n" for line in lines or [NONE])


# --- outcomes ------------------------------------------------------------------------------------


def _outcome(pathway: Block, visits: list[Block], block: Block) -> str:
    from pathway_compiler.driver import CompileError, evaluate, load_text

    try:
        guideline = load_text(guideline_text(pathway))
    except CompileError as error:
        lines = [f"{d.code}: {d.message} (`{d.span.text}`)" for d in error.diagnostics]
        raise Mismatch(pathway, "\n".join(lines)) from None
    outcome = run_visits(evaluate, guideline, visits)
    lines = []
    for line in block.text.splitlines():
        key, _, expected = line.partition(":")
        lines.append(f"{key}: {_value(key.strip(), expected.strip(), outcome)}".rstrip())
    return "".join(f"{line}\n" for line in lines)


def run_visits(evaluate: Callable[..., Any], guideline: Any, visits: list[Block]) -> Any:
    """The outcome of the last visit, or the exception by which the data were refused."""
    from pathway_compiler.engine.enactment import advance

    facts: dict[str, Any] = {}
    outcome: Any = None
    enactment: Any = None
    for visit in visits:
        data = _facts(visit)
        options = {key: data.pop(key) for key in ("as_of", "pathway") if key in data}
        options.setdefault("as_of", "2019-03-01")
        facts.update(data)
        try:
            outcome = evaluate(guideline, facts, enactment=enactment, **options)
        except Exception as error:
            if not hasattr(error, "diagnostics"):
                raise
            return error
        enactment = advance(enactment, outcome)
    return outcome


def _facts(block: Block) -> dict[str, Any]:
    from pathway_compiler.patient_data.raw import Plain

    def plain(value: Any) -> Any:
        match value:
            case dict():
                return {key: plain(item) for key, item in value.items()}
            case list():
                return [plain(item) for item in value]
            case _:
                return Plain(value)

    found: dict[str, Any] = plain(yaml.load(block.text, yaml.BaseLoader) or {})
    return found


def _value(key: str, expected: str, outcome: Any) -> str:
    """The value of a key in the outcome, written as in the document where it agrees."""
    refused = getattr(outcome, "diagnostics", None) if isinstance(outcome, Exception) else None
    if key == "refused":
        if refused is None:
            return NONE
        messages = "; ".join(d.message for d in refused)
        return expected if expected and expected in messages else messages
    if refused is not None:
        return "refused: " + "; ".join(f"{d.code}: {d.message}" for d in refused)
    name = key.split(" of ", 1)[1] if " of " in key else ""
    for prefix, read in KEYS.items():
        if key == prefix or (name and key == f"{prefix} of {name}"):
            found = read(outcome, name)
            return (
                _as_expected(found, expected) if isinstance(found, list) else _text(found, expected)
            )
    raise AssertionError(f"what is `{key}` in an outcome?")


def _as_expected(found: list[str], expected: str) -> str:
    """A list in the words and order of the document where it is the same set of names."""
    written = [word.strip() for word in expected.split(",")] if expected not in ("", NONE) else []
    remaining = list(found)
    for word in written:
        hit = next((f for f in remaining if f == word or f.endswith(f".{word}")), None)
        if hit is None:
            break
        remaining.remove(hit)
    else:
        if not remaining:
            return expected or NONE
    return ", ".join(_short(f, found) for f in found) or NONE


def _short(id_: str, among: list[str]) -> str:
    if " " in id_:
        return id_
    last = id_.split(".")[-1]
    return last if sum(i.split(".")[-1] == last for i in among) == 1 else id_


def _text(found: str, expected: str) -> str:
    """A text; the document may quote a part of it between ellipses."""
    part = expected.strip("…").strip()
    if expected.startswith("…") and part and part in found:
        return expected
    return found


def _find(outcome: Any, name: str) -> Any:
    everything = [*outcome.recommendations, *outcome.not_recommended]
    options = [o for r in outcome.recommendations for o in r.options]
    found = next(
        (r for r in [*everything, *options] if r.id == name or r.id.endswith(f".{name}")), None
    )
    assert found is not None, f"the outcome has nothing called `{name}`"
    return found


def _parts(parts: Iterable[Any]) -> Iterator[Any]:
    for part in parts:
        if part.kind == "action":
            yield part
        yield from _parts(part.parts)


def _shown(value: Any) -> str:
    from pathway_compiler.datatypes.number import format_number
    from pathway_compiler.datatypes.truth import Unknown
    from pathway_compiler.model.vocabulary import SetValue

    match value:
        case bool():
            return "yes" if value else "no"
        case Unknown():
            return "unknown"
        case SetValue():
            return (
                "{"
                + ", ".join([*sorted(map(str, value.items)), *([] if value.complete else ["..."])])
                + "}"
            )
        case str():
            return value
        case _:
            try:
                return format_number(value)
            except (TypeError, AttributeError, ValueError):
                return str(value)


def _definition(outcome: Any, name: str) -> str:
    found = next((d for d in outcome.definitions if d.name == name), None)
    return "not used" if found is None else _shown(found.value)


def _evidence(outcome: Any, name: str) -> list[str]:
    return [
        " ".join(filter(None, (e.certainty, e.grade))) or "ungraded"
        for e in _find(outcome, name).evidence
    ]


KEYS: dict[str, Callable[[Any, str], str | list[str]]] = {
    "status": lambda o, _: o.status,
    "given": lambda o, _: [r.id for r in o.recommendations if r.certainty == "given"],
    "possible": lambda o, _: [r.id for r in o.recommendations if r.certainty == "possible"],
    "not given": lambda o, _: [r.id for r in o.not_recommended],
    "why not": lambda o, name: "; ".join(_find(o, name).reasons),
    "needs": lambda o, _: [n.element for n in o.needs],
    "needed now": lambda o, _: [n.element for n in o.needs if n.urgency == "needed now"],
    "asked first": lambda o, _: o.needs[0].element if o.needs else NONE,
    "not needed": lambda o, _: list(o.irrelevant),
    "decided exactly": lambda o, _: [
        *(r.id for r in o.recommendations if r.decided_by == "exact"),
        *(a.action for a in o.actions if a.decided_by == "exact"),
    ],
    "not asked again": lambda o, _: sorted({m.element for m in o.unanswerable}),
    "contradictions": lambda o, _: str(len(o.contradictions)),
    "waits at": lambda o, _: [f"{w.pathway}.{w.node}" for w in o.waiting if w.node is not None],
    "outside": lambda o, _: "; ".join(o.outside) or NONE,
    "ends": lambda o, _: list(o.ends),
    "value": _definition,
    "options": lambda o, name: [
        f"{x.id.split('.')[-1]} {x.rank} {x.status}" for x in _find(o, name).options
    ],
    "parts": lambda o, name: [f"{p.action} {p.status}" for p in _parts(_find(o, name).regimen)],
    "cautions": lambda o, name: list(_find(o, name).cautions),
    "evidence": _evidence,
    "direction": lambda o, name: _find(o, name).direction,
    "because": lambda o, name: [b.answer for b in _find(o, name).because],
    "actions": lambda o, _: [
        a.action for a in o.actions if a.certainty == "given" and not a.barred_by
    ],
    "barred": lambda o, _: [a.action for a in o.actions if a.barred_by],
}
"""What an `outcome` block can say.

`given` and its like name all, in any order; `none` is the empty list.
"""
