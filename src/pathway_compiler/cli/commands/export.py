"""`pathway export`: a guideline in another format."""

import argparse
from pathlib import Path

from pathway_compiler.cli.console import Console, Stop
from pathway_compiler.cli.inputs import add_guideline, load_guideline

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """\
  pathway export --list
  pathway export pathways/seom_abc_2018 --to mermaid
  pathway export pathways/seom_abc_2018 --to mermaid -o build/mermaid"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_guideline(parser)
