"""`make bench`: what things cost, as ratios between variants measured in one run.

Absolute times differ by half within an hour on a shared machine; a ratio of two things measured in
turns does not. Each line gives the median of the rounds, and the smallest and largest.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from inputs import checked_by_hand, guideline_text, pathway_with_nodes  # noqa: E402

ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the bar a variant takes."""

    name: str
    bar: str
    ratio: float
    low: float
    high: float
    goal: float | None

    @property
    def met(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.ratio <= self.goal else "NOT met"


def compare(
    name: str,
    bar_name: str,
    variant: Callable[[], object],
    bar: Callable[[], object],
    goal: float | None = None,
    rounds: int = ROUNDS,
) -> Ratio:
    """Run both in turns, and compare round by round."""
    variant(), bar()
    ratios = []
    for _ in range(rounds):
        ratios.append(_seconds(variant) / _seconds(bar))
    return Ratio(name, bar_name, median(ratios), min(ratios), max(ratios), goal)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compiling() -> list[Ratio]:
    from pathway_compiler.diagnostics.span import Source
    from pathway_compiler.driver import compile_sources
    from pathway_compiler.graph.from_model import build_graphs, check_graphs
    from pathway_compiler.semantics.from_syntax import elaborate
    from pathway_compiler.syntax.formatter import format_source
    from pathway_compiler.syntax.grammar import pathway_parser
    from pathway_compiler.syntax.parser import parse

    text = guideline_text(2000)
    source = Source("bench.pathway", text)
    assert compile_sources([source]).compiled is not None
    parser = pathway_parser()

    def lark() -> object:
        return parser.parse(text, start="start")

    def to_graph() -> object:
        file, _ = parse(source)
        guideline, _ = elaborate((file,))
        assert guideline is not None
        check_graphs(guideline)
        return build_graphs(guideline)

    bar = "Lark's parse alone, 2,000 lines"
    return [
        compare("parse, with recovery", bar, lambda: parse(source), lark),
        compare("parse to checked graph", bar, to_graph, lark, 2.5),
        compare("the same and every decision tried", bar, lambda: compile_sources([source]), lark),
        compare("format", bar, lambda: format_source(source), lark),
    ]


def starting() -> list[Ratio]:
    folder = Path(tempfile.mkdtemp())
    (folder / "g.pathway").write_text(guideline_text(300), encoding="utf-8")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    environment.pop("PYTHONDONTWRITEBYTECODE")

    def process(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, check=True
        )

    bare = process("-c", "pass")
    pathway = ("-m", "pathway_compiler")
    bar = "python -c pass"
    return [
        compare("pathway --version", bar, process(*pathway, "--version"), bare, 2.5, 15),
        compare("pathway --help", bar, process(*pathway, "--help"), bare, 2.5, 15),
        compare("pathway check, 300 lines", bar, process(*pathway, "check", str(folder)), bare, 12),
    ]


def running() -> list[Ratio]:
    from pathway_compiler import evaluate, load_text
    from pathway_compiler.datatypes.partial_date import PartialDate
    from pathway_compiler.engine.interpreter import interpret
    from pathway_compiler.engine.to_json import outcome_to_json
    from pathway_compiler.patient_data.read import patient_from_facts

    decisions = 45
    compiled = load_text(pathway_with_nodes(2 * decisions))
    day = PartialDate(2019, 3, 1)
    facts = [
        {"status_0": "positive", "months_0": months, "fit_0": True, "contraindications": []}
        for months in range(0, 60, 3)
    ]
    patients = []
    for fact in facts:
        patient = patient_from_facts(fact, compiled.guideline).patient
        assert patient is not None
        patients.append(patient)

    def by_hand() -> object:
        return [checked_by_hand(fact, decisions) for _ in range(50) for fact in facts]

    def interpreted() -> object:
        return [interpret(compiled, patient, day, pathway="p0") for patient in patients]

    def whole() -> object:
        return [outcome_to_json(evaluate(compiled, f, as_of="2019-03-01"), compiled) for f in facts]

    hand = compare(
        "interpreter with full trace, 45 decisions", "hand-written trace", interpreted, by_hand
    )
    per_patient = Ratio(hand.name, hand.bar, hand.ratio * 50, hand.low * 50, hand.high * 50, None)
    return [
        per_patient,
        compare("data in, result JSON out", "interpreter alone", whole, interpreted),
    ]


def drawing() -> list[Ratio]:
    from pathway_compiler import load_text
    from pathway_compiler.render.diagrams import draw
    from pathway_compiler.render.layout import best_engine, lay_out
    from pathway_compiler.render.to_dot import pathway_to_dot

    compiled = load_text(pathway_with_nodes(60))
    graph = compiled.graph("p0")

    def drawn() -> bytes:
        drawing = pathway_to_dot(graph, compiled.guideline, graphs=compiled.graphs)
        return draw(drawing, "svg")

    dot = pathway_to_dot(graph, compiled.guideline, graphs=compiled.graphs).dot
    bar = f"{best_engine().name} on the same text"
    return [compare("draw 60 nodes as SVG", bar, drawn, lambda: lay_out(dot, "svg"), 3)]


def machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    from importlib.metadata import version

    return (
        f"{model}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" lark {version('lark')}, pygraphviz {version('pygraphviz')}"
    )


def main() -> None:
    """Measure everything, print the table, and keep it as JSON in `build/`."""
    print(f"{machine()}; median of {ROUNDS} rounds in turns\n")
    print(f"{'what':44} {'against':34} {'ratio':>8}   {'min – max':16} {'goal':>6}")
    found: list[Ratio] = []
    for part in (compiling, starting, running, drawing):
        for ratio in part():
            found.append(ratio)
            span = f"{ratio.low:.2f} – {ratio.high:.2f}"
            goal = f"≤ {ratio.goal:g}" if ratio.goal else ""
            print(
                f"{ratio.name:44} {ratio.bar:34} {ratio.ratio:8.2f}   {span:16} {goal:>6} {ratio.met}",
                flush=True,
            )
    target = ROOT / "build" / "bench.json"
    target.write_text(
        json.dumps({"machine": machine(), "ratios": [asdict(r) for r in found]}, indent=1) + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
