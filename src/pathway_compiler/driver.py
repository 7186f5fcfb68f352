"""The pipeline: read, parse, elaborate, check, build graphs; then accept a patient and run.

This module and the readers of `patient_data` are the only ones that touch files. Each stage is imported
where it is used: checking an unchanged guideline needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from pathway_compiler.diagnostics.diagnostic import Diagnostic, has_errors, in_order
from pathway_compiler.diagnostics.span import Source, Span
from pathway_compiler.resources.kept import keep, kept, key_of

if TYPE_CHECKING:
    from datetime import date

    from pathway_compiler.analysis.proof import Proof
    from pathway_compiler.datatypes.partial_date import PartialDate
    from pathway_compiler.datatypes.truth import Unknown
    from pathway_compiler.engine.enactment import Enactment
    from pathway_compiler.engine.outcome import Outcome
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.model.expression import Expression
    from pathway_compiler.model.guideline import Guideline
    from pathway_compiler.model.vocabulary import Value
    from pathway_compiler.patient_data.patient import Patient
    from pathway_compiler.render.drawing import Drawing
    from pathway_compiler.syntax.tree import ParsedFile

    Parsed = tuple[ParsedFile, tuple[Diagnostic, ...]]

__all__ = [
    "Compilation",
    "CompileError",
    "DataError",
    "Diagram",
    "EvaluatedText",
    "check_sources",
    "check_text",
    "compile_sources",
    "compile_unless_kept",
    "draw",
    "evaluate",
    "evaluate_text",
    "is_one_guideline",
    "load",
    "load_text",
    "read_guideline",
    "read_texts",
    "run_patient",
]


class CompileError(Exception):
    """A guideline that cannot be run; `diagnostics` say why."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        first = next((d for d in diagnostics if d.severity == "error"), None)
        super().__init__(f"{first.span}: {first.message}" if first else "the guideline has errors")


class DataError(Exception):
    """Patient data that cannot be run; `diagnostics` say why."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in diagnostics))


@dataclass(frozen=True, slots=True)
class Compilation:
    """A guideline as far as it could be compiled, every finding about it, and what was proved.

    `exhaustive` are the decisions that are proved to cover everybody, by pathway; they are known also
    where an error keeps the guideline from being run.
    """

    compiled: CompiledGuideline | None
    diagnostics: tuple[Diagnostic, ...]
    proof: Proof | None = None
    exhaustive: Mapping[str, frozenset[str]] | None = None


# --- from text to graphs ----------------------------------------------------------------------------------


def read_texts(
    sources: Iterable[Source], *, parse: Callable[[Source], Parsed] | None = None
) -> tuple[Guideline | None, tuple[Diagnostic, ...]]:
    """What the files of a guideline say, before anything is proved; None when it has errors.

    `parse` is for whoever reads again and again, and remembers how the unchanged files were read.
    """
    from pathway_compiler.graph.from_model import check_graphs
    from pathway_compiler.semantics.from_syntax import elaborate
    from pathway_compiler.syntax.parser import parse as parse_anew

    sources = tuple(sources) or (Source("guideline.pathway", ""),)
    parsed = [(parse or parse_anew)(source) for source in sources]
    problems = [problem for _, found in parsed for problem in found]
    guideline, more = elaborate(tuple(file for file, _ in parsed))
    problems += more
    if guideline is not None and not has_errors(problems):
        problems += check_graphs(guideline)
    if guideline is None or has_errors(problems):
        return None, tuple(problems)
    return replace(guideline, content_hash=content_hash(sources)), tuple(problems)


def compile_sources(sources: Iterable[Source], *, thoroughly: bool = False) -> Compilation:
    """Turn the files of a guideline into a checked guideline with the graph of each pathway.

    The decisions and definitions are always proved to be sound, since a run relies on that;
    `thoroughly` proves everything else as well.
    """
    from pathway_compiler.analysis.acceptances import apply_acceptances
    from pathway_compiler.analysis.obligations import prove, prove_decisions
    from pathway_compiler.graph.compiled import CompiledGuideline
    from pathway_compiler.graph.from_model import build_graphs

    guideline, found = read_texts(sources)
    if guideline is None:
        return Compilation(None, in_order(found))
    proof, complete = (prove if thoroughly else prove_decisions)(guideline, build_graphs(guideline))
    obligations, left, stale = apply_acceptances(proof.obligations, found, guideline)
    proof = replace(proof, obligations=obligations)
    problems = [*left, *proof.diagnostics]
    if thoroughly:
        problems += stale
    if has_errors(problems):
        return Compilation(None, in_order(problems), proof, complete)
    graphs = build_graphs(guideline, complete)
    return Compilation(CompiledGuideline(guideline, graphs), in_order(problems), proof, complete)


def compile_unless_kept(sources: Iterable[Source], *, thoroughly: bool = False) -> Compilation:
    """The same, from the user's cache folder when an earlier run compiled these very texts."""
    sources = tuple(sources)
    found = [_kept(sources, part, thoroughly) for part in (_COMPILED, _FINDINGS, _PROOF)]
    if None in found:
        return _compile_and_keep(sources, thoroughly)
    compiled, findings, proof = found
    graphs = cast("CompiledGuideline", compiled).graphs
    return Compilation(
        cast("CompiledGuideline", compiled),
        cast("tuple[Diagnostic, ...]", findings),
        cast("Proof", proof),
        {name: graph.exhaustive for name, graph in graphs.items()},
    )


def check_sources(sources: Iterable[Source]) -> tuple[Diagnostic, ...]:
    """Every finding about the files of a guideline; those of an earlier run when nothing changed."""
    sources = tuple(sources)
    findings = _kept(sources, _FINDINGS, True)
    if findings is None:
        return _compile_and_keep(sources, True).diagnostics
    return cast("tuple[Diagnostic, ...]", findings)


_FINDINGS, _COMPILED, _PROOF = 0, 1, 2
"""The parts of what is kept: findings can be read without the rest."""


def _kept(sources: Sequence[Source], part: int, thoroughly: bool) -> object | None:
    return kept(*_name_and_key(sources, thoroughly), part)


def _compile_and_keep(sources: Sequence[Source], thoroughly: bool) -> Compilation:
    compilation = compile_sources(sources, thoroughly=thoroughly)
    name, key = _name_and_key(sources, thoroughly)
    keep(name, key, [compilation.diagnostics, compilation.compiled, compilation.proof])
    return compilation


def _name_and_key(sources: Sequence[Source], thoroughly: bool) -> tuple[str, str]:
    """The name stands for the files, so that an edit replaces what was kept before it."""
    names = [source.name for source in sources]
    name = "\n".join([*names, "all" if thoroughly else "decisions"])
    return name, key_of(name, *(source.text for source in sources))


def content_hash(sources: Iterable[Source]) -> str:
    """A hash of the texts of a guideline, in hexadecimal; file names do not count."""
    digest = sha256()
    for text in sorted(source.text for source in sources):
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def check_text(text: str, name: str = "guideline.pathway") -> tuple[Diagnostic, ...]:
    """Every finding about a guideline in one text."""
    return compile_sources([Source(name, text)], thoroughly=True).diagnostics


def load_text(text: str, name: str = "guideline.pathway") -> CompiledGuideline:
    """A guideline from one text; raises CompileError when it has errors."""
    return _compiled(compile_sources([Source(name, text)]))


def load(path: str | Path, *, language: str | None = None) -> CompiledGuideline:
    """A guideline from its folder (or a single file); raises CompileError when it has errors.

    With a `language`, its texts are those of the catalogue `translations/LANGUAGE.po` beside it.
    """
    sources, problems = read_guideline(path)
    if problems:
        raise CompileError(problems)
    compiled = _compiled(compile_unless_kept(sources))
    if language is None:
        return compiled
    from pathway_compiler.translation.translated import in_language

    found, problems = in_language(compiled, path, language)
    if found is None:
        raise CompileError(problems)
    return found


def _compiled(compilation: Compilation) -> CompiledGuideline:
    if compilation.compiled is None:
        raise CompileError(compilation.diagnostics)
    return compilation.compiled


MAXIMAL_BYTES = 8_000_000
"""A larger file is not even read; the parser refuses what has more than two million characters."""


def read_guideline(path: str | Path) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """The texts of a guideline's files, in the order of their names, and what could not be read.

    `path` is the folder, or one file of it, which stands for the folder; a file in a folder of several
    guidelines stands for itself.
    """
    path = Path(path)
    if path.suffix not in ("", ".pathway") and not path.is_dir():
        message = "this is no `.pathway` file"
        return (), (Diagnostic("unreadable-file", message, Span(Source(str(path), ""), 0, 0)),)
    if path.is_dir():
        files = sorted(path.rglob("*.pathway"))
        if not files:
            source = Source(str(path), "")
            message = "this folder has no `.pathway` file"
            return (), (Diagnostic("no-guideline", message, Span(source, 0, 0)),)
    else:
        files = [path]
    sources: list[Source] = []
    problems: list[Diagnostic] = []
    for file in files:
        read = _read(file)
        if isinstance(read, Diagnostic):
            problems.append(read)
        else:
            sources.append(read)
    if not problems and path.is_file() and len(list(path.parent.glob("*.pathway"))) > 1:
        whole, unreadable = read_guideline(path.parent)
        if is_one_guideline(whole):
            return whole, unreadable
    return tuple(sources), tuple(problems)


def is_one_guideline(sources: Iterable[Source]) -> bool:
    """Whether the files of a folder are one guideline, for which each of them stands."""
    return sum(_declares_guideline(source) for source in sources) == 1


def _declares_guideline(source: Source) -> bool:
    return any(line.startswith("guideline ") for line in source.text.split("\n"))


def _read(file: Path) -> Source | Diagnostic:
    name = str(file)
    try:
        if file.stat().st_size > MAXIMAL_BYTES:
            message = f"this file is larger than {MAXIMAL_BYTES:,} bytes"
            return Diagnostic("file-too-large", message, Span(Source(name, ""), 0, 0))
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = f"this file cannot be read: {error.strerror or error}"
        return Diagnostic("unreadable-file", message, Span(Source(name, ""), 0, 0))
    except UnicodeDecodeError as error:
        message = f"this file is not UTF-8 text (byte {error.start})"
        return Diagnostic(
            "unreadable-file", message, Span(Source(name, ""), 0, 0), help="save it as UTF-8"
        )
    return Source(name, text)


# --- from a patient to an outcome --------------------------------------------------------------------------


def run_patient(
    compiled: CompiledGuideline,
    patient: Patient,
    *,
    as_of: PartialDate,
    pathway: str | None = None,
    settings: Mapping[str, Value] | None = None,
    readings: Mapping[str, str] | None = None,
    enactment: Enactment | None = None,
    exact: bool = True,
) -> tuple[Outcome | None, tuple[Diagnostic, ...]]:
    """The outcome for a patient, or None and why the data are refused.

    With `exact`, what is settled whatever is missing is found out as well (`analysis.refine`).
    """
    from pathway_compiler.diagnostics.suggest import did_you_mean
    from pathway_compiler.engine.acceptance import accept
    from pathway_compiler.engine.environment import base_environment
    from pathway_compiler.engine.interpreter import interpret

    guideline = compiled.guideline
    environment = base_environment(compiled, patient, as_of, settings, readings)
    waiting = enactment.waiting_on(as_of) if enactment else ()
    refused = accept(environment, waiting)
    if refused:
        return None, refused
    start = pathway or (enactment.pathway if enactment else None) or guideline.entry
    if start is None or start not in compiled.graphs:
        suggestion = did_you_mean(start or "", compiled.graphs)
        raise ValueError(f"there is no pathway called {start!r}; {suggestion or 'name one'}")
    outcome = interpret(
        compiled,
        patient,
        as_of,
        pathway=start,
        settings=settings,
        readings=readings,
        waiting=waiting,
    )
    if exact and outcome.leaves_open:
        from pathway_compiler.analysis.refine import refine

        outcome = refine(outcome, environment, compiled, waiting)
    return outcome, ()


def evaluate(
    compiled: CompiledGuideline,
    facts: Mapping[str, object] | Patient,
    *,
    as_of: str | date | PartialDate | None = None,
    pathway: str | None = None,
    settings: Mapping[str, Value] | None = None,
    readings: Mapping[str, str] | None = None,
    enactment: Enactment | None = None,
    exact: bool = True,
) -> Outcome:
    """What the guideline says about a patient.

    `facts` are a `Patient`, or values by name of data element, written as in a JSON file. `as_of` is the
    day of the evaluation, which is never taken from the clock; it may also come with the patient.
    Raises DataError when the data are refused, and ValueError when the day or the pathway is not known.
    """
    from pathway_compiler.patient_data.patient import Patient
    from pathway_compiler.patient_data.read import patient_from_facts

    day = _day(as_of)
    if isinstance(facts, Patient):
        patient = facts
    else:
        result = patient_from_facts(facts, compiled.guideline, as_of=str(day) if day else None)
        if result.patient is None:
            raise DataError(result.diagnostics)
        patient = result.patient
    day = day or patient.as_of
    if day is None or day.day is None:
        raise ValueError("the day of the evaluation is missing: give `as_of`, such as 2019-03-01")
    outcome, refused = run_patient(
        compiled, patient, as_of=day, pathway=pathway, settings=settings, readings=readings,
        enactment=enactment, exact=exact,
    )  # fmt: skip
    if outcome is None:
        raise DataError(refused)
    return outcome


def _day(value: str | date | PartialDate | None) -> PartialDate | None:
    from datetime import date

    from pathway_compiler.datatypes.partial_date import from_date, parse_date

    if isinstance(value, date):
        return from_date(value)
    if isinstance(value, str):
        parsed = parse_date(value)
        if parsed is None:
            raise ValueError(f"{value!r} is not a date such as 2019-03-01")
        return parsed
    return value


# --- single expressions -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvaluatedText:
    """The value of an expression in words, or what is wrong with it.

    `missing` are the facts that keep it from having a value.
    """

    text: str
    type: str
    value: Value | Unknown | None
    missing: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def evaluate_text(
    expression: str,
    compiled: CompiledGuideline | None = None,
    facts: Mapping[str, object] | Patient | None = None,
    *,
    as_of: str | date | PartialDate | None = None,
) -> EvaluatedText:
    """The value of an expression, with or without a guideline and a patient.

    >>> evaluate_text("2 years = 24 months").text
    'yes'
    >>> evaluate_text("unknown and no").text
    'no'
    """
    from pathway_compiler.datatypes.partial_date import PartialDate
    from pathway_compiler.datatypes.truth import Unknown
    from pathway_compiler.engine.environment import base_environment
    from pathway_compiler.engine.expressions import evaluate_expression
    from pathway_compiler.engine.facts import shown
    from pathway_compiler.model.describe import describe_value
    from pathway_compiler.model.types import describe_type
    from pathway_compiler.patient_data.patient import Patient
    from pathway_compiler.patient_data.read import patient_from_facts
    from pathway_compiler.semantics.from_syntax import read_free_expression
    from pathway_compiler.syntax.parser import parse_expression
    from pathway_compiler.syntax.tree import ParsedFile

    compiled = compiled or _nothing()
    source = Source("expression", expression.strip() + "\n")
    node, problems = parse_expression(source)
    if node is None:
        return EvaluatedText("", "", None, diagnostics=problems)
    parsed = ParsedFile(source, ())
    read, more = read_free_expression(node, parsed, compiled.guideline)
    if read is None:
        return EvaluatedText("", "", None, diagnostics=in_order(more))
    if isinstance(facts, Patient):
        patient = facts
    else:
        result = patient_from_facts(facts or {}, compiled.guideline)
        if result.patient is None:
            return EvaluatedText("", "", None, diagnostics=result.diagnostics)
        patient = result.patient
    day = _day(as_of) or patient.as_of
    if day is None:
        if _mentions_today(read):
            problem = Diagnostic(
                "missing-item",
                "this expression asks for the day of the evaluation, which nobody gave",
                read.span,
                help="give it with `--as-of 2019-03-01`",
            )
            return EvaluatedText("", "", None, diagnostics=(problem,))
        day = PartialDate(1000, 1, 1)  # read by nothing
    environment = base_environment(compiled, patient, day)
    result_value = shown(evaluate_expression(read, environment), environment)
    missing: tuple[str, ...] = ()
    if isinstance(result_value, Unknown):
        missing = tuple(sorted({m.element for m in result_value.because}))
    text = describe_value(result_value, read.type, compiled.guideline)
    return EvaluatedText(text, describe_type(read.type), result_value, missing)


def _mentions_today(expression: Expression) -> bool:
    from pathway_compiler.model.expression import Today, children

    return isinstance(expression, Today) or any(map(_mentions_today, children(expression)))


def _nothing() -> CompiledGuideline:
    """A guideline that declares nothing, for expressions of literals."""
    return load_text('guideline nothing "Nothing":\n  version "0"\n')


# --- drawing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Diagram:
    """A flowchart, laid out when asked for; a notebook shows it by itself."""

    drawing: Drawing

    @property
    def dot(self) -> str:
        """The flowchart in the DOT language; equal sources give equal text."""
        return self.drawing.dot

    def svg(self) -> str:
        return self._as("svg").decode()

    def png(self) -> bytes:
        return self._as("png")

    def pdf(self) -> bytes:
        return self._as("pdf")

    def _as(self, format: Literal["svg", "png", "pdf"]) -> bytes:
        from pathway_compiler.render.diagrams import draw

        return draw(self.drawing, format)

    def _repr_svg_(self) -> str:
        return self.svg()


def draw(
    compiled: CompiledGuideline,
    pathway: str | None = None,
    *,
    outcome: Outcome | None = None,
    theme: Literal["light", "dark"] = "light",
    expand: bool = True,
) -> Diagram:
    """The flowchart of a pathway, with a patient's way when an outcome is given.

    Without a pathway: the overview of the guideline. `expand` draws followed pathways as frames on the
    same page when there is room. Raises KeyError when there is no such pathway.
    """
    from pathway_compiler.render.from_outcome import overlay_of
    from pathway_compiler.render.to_dot import pathway_to_dot

    guideline, graphs = compiled.guideline, compiled.graphs
    if pathway is None:
        from pathway_compiler.render.overview import overview_to_dot

        return Diagram(overview_to_dot(guideline, graphs, theme=theme))
    overlay = overlay_of(outcome, guideline) if outcome is not None else None
    drawing = pathway_to_dot(
        graphs[pathway], guideline, graphs=graphs, expand=expand, overlay=overlay, theme=theme
    )
    return Diagram(drawing)
