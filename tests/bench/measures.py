"""What is measured against what, and the goals."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pathway_compiler
from pathway_compiler.analysis.exact import ExactGuideline, ExactPatient, exact_guideline
from pathway_compiler.analysis.obligations import prove, prove_decisions
from pathway_compiler.analysis.solver import Solver
from pathway_compiler.changes.report import compare
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import compile_sources, evaluate, load_text
from pathway_compiler.engine.environment import Environment, base_environment
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.engine.to_json import outcome_to_json
from pathway_compiler.graph.from_model import build_graph, build_graphs, check_graphs
from pathway_compiler.patient_data.patient import Patient
from pathway_compiler.patient_data.read import patient_from_facts, read_patients
from pathway_compiler.render.diagrams import draw
from pathway_compiler.render.dot import markup_text
from pathway_compiler.render.drawing import Drawing
from pathway_compiler.render.layout import best_engine, lay_out, lay_out_many
from pathway_compiler.render.to_dot import pathway_to_dot
from pathway_compiler.render.wrap import clean
from pathway_compiler.render.wrap import measure as width_of
from pathway_compiler.semantics.from_syntax import elaborate
from pathway_compiler.site.checked import check
from pathway_compiler.site.contents import SiteOptions, contents_of
from pathway_compiler.site.links import FolderAddresses
from pathway_compiler.site.rendering import Renderer
from pathway_compiler.site.write import (
    LAYOUTS,
    drawn_pages,
    frame_of,
    picture_of,
    whole_page,
    write_site,
)
from pathway_compiler.syntax.formatter import format_source
from pathway_compiler.syntax.grammar import pathway_parser
from pathway_compiler.syntax.parser import parse

from .inputs import decision_tree, large_guideline, patients
from .measuring import Clock, Variant, measure, ratio
from .proving import many_conditions
from .serving import served

__all__ = ["GROUPS", "Line"]

TODAY = PartialDate(2019, 3, 1)
PATIENTS = 1000
SEOM = Path(__file__).parents[2] / "pathways" / "seom_abc_2018"


@dataclass(frozen=True)
class Line:
    """One line of the table: a ratio, and the goal it should not exceed, if there is one."""

    measure: str
    against: str
    median: float
    least: float
    most: float
    seconds: float
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.median <= self.goal


@dataclass(frozen=True)
class Wanted:
    measure: str
    over: str
    under: str
    goal: float | None = None


def _lines(
    variants: dict[str, Variant], wanted: Sequence[Wanted], *, rounds: int, clock: Clock = "cpu"
) -> Iterator[Line]:
    seconds = measure(variants, rounds=rounds, clock=clock)
    for w in wanted:
        found = ratio(seconds, w.over, w.under)
        yield Line(w.measure, w.under, found.median, found.least, found.most, found.seconds, w.goal)


# --- compiling ------------------------------------------------------------------------------------------


def compiling(rounds: int) -> Iterator[Line]:
    """A guideline of 2,000 lines, from text to checked graphs."""
    source = Source("large.pathway", large_guideline(2000))
    lark = pathway_parser()
    parsed = (parse(source)[0],)
    guideline, _ = elaborate(parsed)
    assert guideline is not None
    graphs = build_graphs(guideline)
    base = "Lark's parse alone, with positions"
    variants = {
        base: Variant(lambda: lark.parse(source.text, start="start")),
        "parse": Variant(lambda: parse(source)),
        "elaborate": Variant(lambda: elaborate(parsed)),
        "graphs": Variant(lambda: (check_graphs(guideline), build_graphs(guideline))),
        "decisions": Variant(lambda: prove_decisions(guideline, graphs)),
        "all": Variant(lambda: compile_sources([source])),
        "format": Variant(lambda: format_source(source)),
        "our parse": Variant(lambda: parse(source)),
    }
    yield from _lines(
        variants,
        [
            Wanted("compile 2,000 lines: text to checked graphs", "all", base, 2.5),
            Wanted("… our parse, declaration by declaration", "parse", base),
            Wanted("… meaning: names, types, evidence", "elaborate", base),
            Wanted("… graphs", "graphs", base),
            Wanted("… decisions and definitions proved", "decisions", base),
            Wanted("format 2,000 lines", "format", "our parse"),
        ],
        rounds=rounds,
    )


def proving(rounds: int) -> Iterator[Line]:
    """All obligations of a guideline with some 300 nodes and 80 elements."""
    text = many_conditions()
    parsed = (parse(Source("proofs.pathway", text))[0],)
    guideline, _ = elaborate(parsed)
    assert guideline is not None
    graphs = build_graphs(guideline)
    edited = iter(range(1_000_000))
    old, new = load_text(text), load_text(text.replace(" < ", " <= ", 1))
    base, proving_all = "Lark's parse alone, with positions", "proving one of the two versions"
    lark = pathway_parser()
    variants = {
        base: Variant(lambda: lark.parse(text, start="start")),
        proving_all: Variant(lambda: prove(guideline, graphs)),
        "diff": Variant(lambda: compare(old, new)),
        "prove": Variant(lambda: prove(guideline, graphs)),
        "decisions": Variant(lambda: prove_decisions(guideline, graphs)),
        "after an edit": Variant(
            lambda: compile_sources(
                [Source("proofs.pathway", f"{text}# {next(edited)}\n")], thoroughly=True
            )
        ),
    }
    yield from _lines(
        variants,
        [
            Wanted("prove 300 nodes, 80 elements: decisions and definitions", "decisions", base),
            Wanted("prove the same: all obligations", "prove", base),
            Wanted("compile and prove the same after an edit", "after an edit", base),
            Wanted("diff of two versions, one limit moved", "diff", proving_all),
        ],
        rounds=rounds,
    )


def seom(rounds: int) -> Iterator[Line]:
    """The SEOM guideline as it is: its proof, and its own patients."""
    sources = [
        Source(file.name, file.read_text(encoding="utf-8"))
        for file in sorted(SEOM.rglob("*.pathway"))
    ]
    compiled = pathway_compiler.load(SEOM)
    files = sorted((SEOM / "patients").glob("*.json"))
    read = [r.patient for r in read_patients(files, compiled.guideline) if r.patient]
    assert len(read) == len(files)
    lark = pathway_parser()
    base, alone = "Lark's parse alone, with positions", "interpreter, the same patient"
    variants = {
        base: Variant(lambda: [lark.parse(s.text, start="start") for s in sources]),
        "prove": Variant(lambda: prove(compiled.guideline, compiled.graphs)),
        "check": Variant(lambda: compile_sources(sources, thoroughly=True)),
        alone: Variant(
            lambda: [evaluate(compiled, p, as_of=TODAY, exact=False) for p in read], len(read)
        ),
        "run": Variant(lambda: [evaluate(compiled, p, as_of=TODAY) for p in read], len(read)),
    }
    yield from _lines(
        variants,
        [
            Wanted("SEOM guideline: compile and prove", "check", base),
            Wanted("… all obligations proved", "prove", base),
            Wanted("SEOM guideline: one patient, interpreted", alone, base),
            Wanted("SEOM guideline: one patient, with exact answers", "run", alone),
        ],
        rounds=rounds,
    )


# --- starting -------------------------------------------------------------------------------------------


def starting(rounds: int) -> Iterator[Line]:
    """The command, each time in a new process. Bytecode is kept, as after an installation."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "three_hundred.pathway"
        file.write_text(large_guideline(250), encoding="utf-8")
        lines = file.read_text(encoding="utf-8").count("\n")
        environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
        }
        environment |= {
            "PYTHONPATH": str(Path(pathway_compiler.__file__).parents[1]),
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"),
            "PATHWAY_CACHE_DIR": folder,
        }
        edits = iter(range(1_000_000))

        def python(*arguments: str) -> Callable[[], object]:
            command = [sys.executable, *arguments]

            def start() -> None:
                done = subprocess.run(command, env=environment, capture_output=True, check=False)
                if done.returncode != 0:
                    raise RuntimeError(done.stderr.decode() or done.stdout.decode())

            return start

        def after_an_edit(start: Callable[[], object]) -> Callable[[], object]:
            text = file.read_text(encoding="utf-8")

            def edit_and_start() -> None:
                file.write_text(f"{text}# {next(edits)}\n", encoding="utf-8")
                start()

            return edit_and_start

        base = "Python's start alone"
        check = python("-m", "pathway_compiler", "check", str(file))
        load = f"from pathway_compiler import load; load({str(file)!r})"
        variants = {
            base: Variant(python("-c", "pass")),
            "lark": Variant(python("-c", "import lark")),
            "version": Variant(python("-m", "pathway_compiler", "--version")),
            "help": Variant(python("-m", "pathway_compiler", "--help")),
            "load": Variant(after_an_edit(python("-c", load))),
            "load again": Variant(python("-c", load)),
            "check": Variant(after_an_edit(check)),
            "check again": Variant(check),
        }
        wanted = [
            Wanted("pathway --version", "version", base, 2.5),
            Wanted("pathway --help", "help", base, 2.5),
            Wanted("import lark, for scale", "lark", base),
            Wanted(f"load() of {lines} lines, just edited", "load", base),
            Wanted("load() of the same, unchanged", "load again", base),
            Wanted(f"pathway check of {lines} lines, just edited", "check", base, 12),
            Wanted("pathway check of the same, unchanged", "check again", base, 12),
        ]
        yield from _lines(variants, wanted, rounds=rounds, clock="wall")


# --- running --------------------------------------------------------------------------------------------


def running(rounds: int) -> Iterator[Line]:
    """45 decisions, 130 routes, 38 facts of which some are missing; the trace is always kept."""
    tree = decision_tree(24, 21, 5)
    compiled = load_text(tree.as_guideline())
    decide, decide_tracing = tree.as_function(), tree.as_tracing_function()
    facts = patients(100, missing=0.02)
    accepted = [_accepted(f, compiled) for f in facts]

    def run(patient: Patient) -> Outcome:
        return interpret(compiled, patient, TODAY, pathway="tree")

    for values, patient in zip(facts, accepted, strict=True):
        expected = decide(values)
        given = {r.id.split(".")[1] for r in run(patient).given}
        assert given == ({expected} if expected else set()), (values, expected, given)

    by_hand, traced = "a function written by hand", "the same function with a trace"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "patients.ndjson"
        many = patients(PATIENTS, missing=0.02)
        file.write_text(
            "".join(
                json.dumps({"id": f"p{n}", "facts": _as_written(values)}) + "\n"
                for n, values in enumerate(many)
            ),
            encoding="utf-8",
        )
        read = [r.patient for r in read_patients([file], compiled.guideline) if r.patient]
        assert len(read) == PATIENTS

        def from_file() -> None:
            for result in read_patients([file], compiled.guideline):
                assert result.patient is not None
                json.dumps(outcome_to_json(run(result.patient), compiled))

        variants = {
            by_hand: Variant(lambda: [decide(p) for p in facts], len(facts)),
            traced: Variant(lambda: [decide_tracing(p) for p in facts], len(facts)),
            "interpret": Variant(lambda: [run(p) for p in accepted], len(facts)),
            "interpreting alone": Variant(lambda: [run(p) for p in read], PATIENTS),
            "from file": Variant(from_file, PATIENTS),
            "reading": Variant(lambda: list(read_patients([file], compiled.guideline)), PATIENTS),
        }
        yield from _lines(
            variants,
            [
                Wanted("interpreter, one patient, full trace", "interpret", by_hand),
                Wanted("interpreter, one patient, full trace", "interpret", traced),
                Wanted(
                    "1,000 patients: NDJSON to outcomes as JSON", "from file", "interpreting alone"
                ),
                Wanted("… reading and checking the data", "reading", "interpreting alone"),
            ],
            rounds=rounds,
        )


def _as_written(values: dict[str, object]) -> dict[str, object]:
    """A quantity is written with its unit."""
    return {
        name: f"{value} mg" if int(name.split("_")[1]) % 4 == 0 else value
        for name, value in values.items()
    }


def _accepted(values: dict[str, object], compiled: pathway_compiler.CompiledGuideline) -> Patient:
    result = patient_from_facts(_as_written(values), compiled.guideline)
    assert result.patient is not None, result.diagnostics
    return result.patient


# --- asking ---------------------------------------------------------------------------------------------


def asking(rounds: int) -> Iterator[Line]:
    """The next question after an answer, 40 % of the facts missing: by diagrams, by z3, and a run.

    z3 keeps the patients it has found from one round to the next; it is spared weighing the answers and
    finding out what is irrelevant, which diagrams do as well.
    """
    compiled = load_text(decision_tree(24, 21, 5).as_guideline())
    guideline = exact_guideline(compiled, "tree")
    cases = [_answered(facts, compiled, guideline) for facts in patients(10, missing=0.4)]
    formulas = guideline.conditions.formulas
    solver = Solver(formulas, guideline.always, [r.true for r in guideline.outputs.values()])

    def by_diagrams() -> None:
        for case in cases:
            after = case.before.told(case.answer)
            assert after is not None
            irrelevant = after.irrelevant(case.missing)
            left = [name for name in case.missing if name not in irrelevant]
            max((after.worth(name, case.missing) for name in left), default=0.0)

    def by_solver() -> None:
        for case in cases:
            known = (*case.known, case.answer)
            left = [
                rail
                for rail in (guideline.outputs[key] for key in case.before.open)
                if solver.can(*known, rail.true) == solver.can(*known, rail.false) == "yes"
            ]
            for name in case.missing:
                for fact in guideline.facts_about.get(name, ()):
                    for index in range(formulas.sizes[fact]):
                        cell = formulas.cell(fact, index)
                        for rail in left:
                            solver.can(*known, cell, rail.true)
                            solver.can(*known, cell, rail.false)

    def by_interpreter() -> None:
        for case in cases:
            interpret(compiled, case.patient, TODAY, pathway="tree")

    z3, run = "z3, the same question", "interpreter, the same patient"
    variants = {
        z3: Variant(by_solver, len(cases)),
        run: Variant(by_interpreter, len(cases)),
        "diagrams": Variant(by_diagrams, len(cases)),
        "restricting": Variant(
            lambda: [guideline.patient(c.environment) for c in cases], len(cases)
        ),
    }
    wanted = [
        Wanted("next question after an answer", "diagrams", z3, 0.1),
        Wanted("next question after an answer", "diagrams", run, 1),
        Wanted("… diagrams restricted to a patient's data", "restricting", run),
    ]
    yield from _lines(variants, wanted, rounds=rounds)


@dataclass(frozen=True)
class _Asked:
    """A patient of whom something is missing, and an answer."""

    patient: Patient
    environment: Environment
    before: ExactPatient
    known: Sequence[int]
    answer: int
    missing: Sequence[str]


def _answered(
    facts: dict[str, object],
    compiled: pathway_compiler.CompiledGuideline,
    guideline: ExactGuideline,
) -> _Asked:
    patient = _accepted(facts, compiled)
    environment = base_environment(compiled, patient, TODAY)
    before = guideline.patient(environment)
    assert before is not None
    first, *missing = (n for n in guideline.facts_about if n not in facts)
    answer = guideline.conditions.formulas.cell(guideline.facts_about[first][0], 0)
    return _Asked(patient, environment, before, guideline.known(environment), answer, missing)


# --- drawing --------------------------------------------------------------------------------------------


def drawing(rounds: int) -> Iterator[Line]:
    """A pathway of 60 nodes as a finished SVG, against the layout of the same DOT text alone."""
    compiled = load_text(decision_tree(29).as_guideline())
    graph = compiled.graphs["tree"]

    def write() -> Drawing:
        # As for a page that was not drawn before: nothing remembered of its texts.
        for remembering in (clean, width_of, markup_text):
            remembering.cache_clear()
        return pathway_to_dot(graph, compiled.guideline, graphs=compiled.graphs)

    written = write()
    engine = best_engine()
    base = f"{engine.name} {engine.version}, layout alone"
    variants = {
        base: Variant(lambda: lay_out(written.dot, "svg", engine=engine)),
        "whole": Variant(lambda: draw(write(), engine=engine)),
        "dot": Variant(write),
    }
    wanted = [
        Wanted("draw 60 nodes: DOT, layout, finished SVG", "whole", base, 3),
        Wanted("… writing DOT", "dot", base),
    ]
    program = shutil.which("dot")
    if program is not None:
        bare = "the program dot on the same text"
        text = written.dot.encode()
        variants[bare] = Variant(
            lambda: subprocess.run([program, "-Tsvg"], input=text, capture_output=True, check=True)
        )
        wanted.append(Wanted("draw 60 nodes: DOT, layout, finished SVG", "whole", bare, 3))
    yield from _lines(variants, wanted, rounds=rounds, clock="wall")


# --- the site -------------------------------------------------------------------------------------------


def site(rounds: int) -> Iterator[Line]:
    """The SEOM guideline as a site, its cases run already; the base renders the same pages and drawings."""
    compiled = pathway_compiler.load(SEOM)
    checked = check(compiled)
    options = SiteOptions(checked=checked)
    engine = best_engine()
    contents = contents_of(compiled, options)
    addresses = FolderAddresses()
    renderer = Renderer.of(addresses, compiled.guideline.header.language)
    frame = frame_of(contents, compiled.guideline, options)
    layouts = drawn_pages(contents.pages, compiled, engine)
    pictures = {
        page.name: picture_of(page, layouts[page.name], compiled.guideline, addresses)
        for page in contents.pages
        if page.drawing is not None
    }
    dots = "\n".join(layout.drawing.dot for layout in layouts.values())
    program = shutil.which("dot")

    def base() -> None:
        for page in contents.pages:
            whole_page(page, pictures.get(page.name), renderer, frame)
        if program is None:
            lay_out_many([layout.drawing.dot for layout in layouts.values()], engine=engine)
        else:
            command = [program, "-Tsvg"]
            subprocess.run(command, input=dots.encode(), capture_output=True, check=True)

    def full() -> None:
        forget()
        with tempfile.TemporaryDirectory() as fresh:
            write_site(compiled, Path(fresh), options)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_site(compiled, folder, options)
        numbers = iter(range(1_000_000))

        def after_an_edit() -> None:
            write_site(_edited(compiled, next(numbers)), folder, options)

        heaviest = max(len(gzip.compress(file.read_bytes())) for file in folder.glob("pathways/*"))
        against, whole = "Jinja alone + one `dot` process", "full build"
        variants = {
            against: Variant(base),
            whole: Variant(full),
            "after an edit": Variant(after_an_edit),
            "checked": Variant(lambda: (check(compiled), full())),
        }
        pages = len(contents.pages)
        wanted = [
            Wanted(f"site of {pages} pages, full build", whole, against, 3),
            Wanted("… with running the cases and their coverage", "checked", against),
            Wanted("site, rebuilt after an edit of one node", "after an edit", whole, 0.15),
        ]
        yield from _lines(variants, wanted, rounds=rounds, clock="wall")
    share = heaviest / 150_000
    yield Line("heaviest page of a pathway, compressed", "150 kB", share, share, share, 0.0, 1)


def forget() -> None:
    """As for a site that was not built before in this process; templates stay compiled."""
    LAYOUTS.clear()
    for remembering in (clean, width_of, markup_text):
        remembering.cache_clear()


def _edited(
    compiled: pathway_compiler.CompiledGuideline, number: int
) -> pathway_compiler.CompiledGuideline:
    """The guideline with another label on the first node of one pathway."""
    guideline = compiled.guideline
    pathway = next(p for p in guideline.pathways.values() if len(p.nodes) > 3)
    first, *others = pathway.nodes
    renamed = replace(pathway, nodes=(replace(first, label=f"Edit {number}"), *others))
    pathways = {**guideline.pathways, pathway.name: renamed}
    edited = replace(guideline, pathways=pathways, content_hash=f"{number:064}")
    exhaustive = compiled.graphs[pathway.name].exhaustive
    graph = build_graph(renamed, edited, exhaustive)
    return pathway_compiler.CompiledGuideline(edited, {**compiled.graphs, pathway.name: graph})


# --- serving --------------------------------------------------------------------------------------------


def serving(rounds: int) -> Iterator[Line]:
    """From the save of a file to its new page over HTTP; what gathers the changes of a save waits 50 ms."""
    alone, whole = (
        "compile, prove decisions and draw it",
        "read the guideline and draw that pathway",
    )
    with served(SEOM) as found:
        variants = {
            alone: found["alone"],
            "save alone": found["save alone"],
            whole: found["seom"],
            "save seom": found["save seom"],
        }
        wanted = [
            Wanted("a pathway of 60 nodes: from save to new page", "save alone", alone),
            Wanted("SEOM guideline: from save to new page", "save seom", whole),
        ]
        yield from _lines(variants, wanted, rounds=rounds, clock="wall")


GROUPS: dict[str, Callable[[int], Iterator[Line]]] = {
    "compiling": compiling,
    "proving": proving,
    "seom": seom,
    "starting": starting,
    "running": running,
    "asking": asking,
    "drawing": drawing,
    "site": site,
    "serving": serving,
}
