"""Measures, prints the table and writes `build/bench.json`.

python -m tests.bench [--rounds N] [--only compiling proving seom starting running asking drawing site]
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from pathway_compiler.render.layout import best_engine

from .measures import GROUPS, Line

ROUNDS = 9
RESULT = Path("build/bench.json")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", nargs="+", choices=sorted(GROUPS), default=list(GROUPS))
    arguments = parser.parse_args()

    machine = _machine()
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    print(f"Median of {arguments.rounds} interleaved rounds (least–most); all in one run.\n")
    print("| measure | against | ratio | goal | |")
    print("|---|---|---|---|---|")
    lines: list[Line] = []
    for group in arguments.only:
        for line in GROUPS[group](arguments.rounds):
            lines.append(line)
            print(_row(line), flush=True)

    RESULT.parent.mkdir(exist_ok=True)
    result = {
        "machine": machine,
        "rounds": arguments.rounds,
        "lines": [{**asdict(line), "met": line.met} for line in lines],
    }
    RESULT.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    missed = [line for line in lines if line.met is False]
    print(f"\n{len(missed)} goals not met; written to {RESULT}")
    return 0


def _row(line: Line) -> str:
    spread = f"{_short(line.median)} ({_short(line.least)}–{_short(line.most)})"
    goal = "" if line.goal is None else f"≤ {line.goal:g}"
    met = {None: "", True: "met", False: "**not met**"}[line.met]
    return f"| {line.measure} | {line.against} | {spread} | {goal} | {met} |"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _machine() -> dict[str, str]:
    engine = best_engine()
    return {
        "CPU": _processor(),
        "cores": str(os.cpu_count()),
        "Python": platform.python_version(),
        "Lark": version("lark"),
        "Graphviz": f"{engine.version} ({engine.name})",
        "system": f"{platform.system()} {platform.machine()}",
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "unknown"
    names = [
        line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")
    ]
    return names[0] if names else "unknown"


if __name__ == "__main__":
    sys.exit(main())
