"""Exports keep every node and edge once, and what an author writes stays text."""

import io
import json
from pathlib import Path

import jsonschema
import networkx as nx
import pytest

from pathway_compiler import CompiledGuideline, load, load_text
from pathway_compiler.exports.export import EXPORTS, UnknownExport, export, export_names
from pathway_compiler.resources import json_schema

ROOT = Path(__file__).parents[3]
HOSTILE = '</script><b>"quoted" & #1; `code` {{x}} \\\\ \u202eright to left'


@pytest.fixture(scope="module")
def seom() -> CompiledGuideline:
    return load(ROOT / "pathways" / "seom_abc_2018")


@pytest.fixture(scope="module")
def hostile() -> CompiledGuideline:
    label = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    return load_text(
        f'guideline g "{label}":\n  version "1"\n'
        f'element fit "{label}": boolean\n'
        f'pathway p "{label}":\n  decision d "{label}":\n'
        f'    when fit "{label}" -> r\n    otherwise -> r\n  recommend r "{label}"\n'
    )


def size(guideline: CompiledGuideline) -> tuple[int, int]:
    graphs = guideline.graphs.values()
    follows = sum(g.kind(n) == "follow" for g in graphs for n in g.nodes)
    return sum(len(g.nodes) for g in graphs), sum(len(g.edges()) for g in graphs) + follows


def test_graphml_read_back_has_every_node_and_edge_once(seom: CompiledGuideline) -> None:
    artifact = export("graphml", seom.guideline, seom.graphs)
    graph = nx.read_graphml(io.BytesIO(artifact.text.encode()), force_multigraph=True)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == size(seom)


def test_node_link_read_back_has_every_node_and_edge_once(seom: CompiledGuideline) -> None:
    artifact = export("node-link", seom.guideline, seom.graphs)
    graph = nx.node_link_graph(json.loads(artifact.text), edges="edges")
    assert (graph.number_of_nodes(), graph.number_of_edges()) == size(seom)


@pytest.mark.parametrize("which", ["seom", "hostile"])
def test_node_link_fits_the_published_schema(which: str, request: pytest.FixtureRequest) -> None:
    guideline: CompiledGuideline = request.getfixturevalue(which)
    schema = json.loads(json_schema("node-link"))
    for pathway in (None, *guideline.graphs):
        artifact = export("node-link", guideline.guideline, guideline.graphs, pathway)
        jsonschema.validate(json.loads(artifact.text), schema)


def test_a_node_with_two_parents_stays_one_node(hostile: CompiledGuideline) -> None:
    artifact = export("node-link", hostile.guideline, hostile.graphs, "p")
    document = json.loads(artifact.text)
    assert [n["id"] for n in document["nodes"]] == ["p.start", "p.d", "p.r"]
    assert sum(e["target"] == "p.r" for e in document["edges"]) == 2


def test_conditions_are_given_as_written_and_in_words(seom: CompiledGuideline) -> None:
    document = json.loads(export("node-link", seom.guideline, seom.graphs).text)
    branches = [e for e in document["edges"] if e["kind"] == "branch" and e["condition"]]
    assert branches
    assert all(e["condition_in_words"] for e in branches)


def test_hostile_labels_stay_text(hostile: CompiledGuideline) -> None:
    mermaid = export("mermaid", hostile.guideline, hostile.graphs).text
    assert "</script>" not in mermaid
    assert '"quoted"' not in mermaid
    document = json.loads(export("node-link", hostile.guideline, hostile.graphs).text)
    assert document["nodes"][1]["label"] == HOSTILE
    text = export("graphml", hostile.guideline, hostile.graphs).text
    graph = nx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
    assert graph.nodes["p.d"]["label"] == HOSTILE


def test_mermaid_draws_every_node_and_every_edge(seom: CompiledGuideline) -> None:
    for name, graph in seom.graphs.items():
        lines = export("mermaid", seom.guideline, seom.graphs, name).text.splitlines()
        arrows = [line for line in lines if "-->" in line or "-.->" in line]
        assert lines[0] == "flowchart TD"
        assert len(arrows) == len(graph.edges())
        assert len(lines) - 1 - len(arrows) == len(graph.nodes)


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_guideline_gives_the_same_bytes(name: str) -> None:
    folder = ROOT / "docs" / "example"
    first, second = load(folder), load(folder)
    assert export(name, first.guideline, first.graphs) == export(
        name, second.guideline, second.graphs
    )


def test_an_unknown_format_is_answered_with_a_suggestion(hostile: CompiledGuideline) -> None:
    with pytest.raises(UnknownExport, match="mermaid"):
        export("mermaidd", hostile.guideline, hostile.graphs)
    assert set(EXPORTS) <= set(export_names())
