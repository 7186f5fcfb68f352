"""The graph of a pathway: its networkx view, its order, its joins, and what it refuses."""

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings

import strategies
from pathway_compiler.driver import check_text, load, load_text
from pathway_compiler.graph.from_model import build_graph, build_graphs
from pathway_compiler.graph.pathway_graph import START, PathwayGraph
from pathway_compiler.model.pathway import Decision
from strategies import Plan

HEADER = """guideline g "G":
  version "1"
  entry p
element a "A": boolean
element e "E": one of red "Red" | green "Green" | blue "Blue"
"""

EVERY_KIND = (
    HEADER
    + """statement s "S":
  kind recommend
agent x "X"
pathway p "P":
  standing st "St":
    give x
  decision d "A?":
    when a "Yes" -> t
    otherwise "No" -> o
  together t "T":
    -> r, c
  recommend r "R":
    from s
    give x
    -> v
  choose c "C" any of:
    option one "One"
    -> f
  follow q as f "F"
  review v "V":
    on e is red "Red" -> r
    on e is blue "Blue" -> n
  end n "N"
  outside o "O"
pathway q "Q":
  recommend inner "Inner"
"""
)


def graph(text: str, name: str = "p") -> PathwayGraph:
    return load_text(text).graph(name)


def nodes(text: str) -> str:
    return f'{HEADER}pathway p "P":\n{text}'


@pytest.fixture(scope="module")
def every_kind() -> PathwayGraph:
    return graph(EVERY_KIND)


# --- the networkx view -------------------------------------------------------------------------------


def test_networkx_graph_has_the_nodes_in_the_order_of_the_text(every_kind: PathwayGraph) -> None:
    assert isinstance(every_kind.graph, nx.MultiDiGraph)
    assert list(every_kind.graph) == [START, "st", "d", "t", "r", "c", "f", "v", "n", "o"]
    assert tuple(every_kind.graph) == every_kind.nodes


def test_node_attributes_say_kind_and_label(every_kind: PathwayGraph) -> None:
    view = every_kind.graph.nodes
    assert {name: view[name]["kind"] for name in view} == {
        START: "start", "st": "standing", "d": "decision", "t": "together", "r": "recommend",
        "c": "choose", "f": "follow", "v": "review", "n": "end", "o": "outside",
    }  # fmt: skip
    assert view["d"]["label"] == "A?"
    assert view[START]["label"] == "P"


def test_node_attributes_carry_statements_and_the_record(every_kind: PathwayGraph) -> None:
    view = every_kind.graph.nodes
    assert view["r"]["statements"] == ("s",)
    assert view["c"]["statements"] == ()
    assert view[START]["record"] is None
    assert view["d"]["record"] is every_kind.record("d")


def test_edges_say_their_kind_branch_and_answer(every_kind: PathwayGraph) -> None:
    found = [
        (s, t, d["kind"], d["label"], d["condition"] is not None)
        for s, t, d in every_kind.graph.edges(data=True)
    ]
    assert sorted(found) == sorted(
        [
            (START, "d", "start", "", False),
            (START, "st", "start", "", False),
            ("d", "t", "branch", "Yes", True),
            ("d", "o", "branch", "No", False),
            ("t", "r", "next", "", False),
            ("t", "c", "next", "", False),
            ("r", "v", "next", "", False),
            ("c", "f", "next", "", False),
            ("v", "r", "later", "Red", True),
            ("v", "n", "later", "Blue", True),
        ]
    )


def test_branches_have_different_names(every_kind: PathwayGraph) -> None:
    branches = [edge.branch for edge in every_kind.outgoing["d"]]
    assert len(set(branches)) == 2
    assert all(branches)


def test_two_branches_to_one_node_are_two_edges() -> None:
    found = graph(
        nodes(
            '  decision d "D":\n    when e is red "Red" -> n\n    when e is green "Green" -> n\n'
            '    otherwise "Blue" -> n\n  end n "N"\n'
        )
    )
    assert found.graph.number_of_edges("d", "n") == 3
    assert [e.label for e in found.incoming["n"]] == ["Red", "Green", "Blue"]


def test_networkx_view_is_made_once(every_kind: PathwayGraph) -> None:
    assert every_kind.graph is every_kind.graph


def test_unknown_pathway_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_text(EVERY_KIND).graph("gone")


# --- order -------------------------------------------------------------------------------------------


def test_order_follows_the_text_where_the_arrows_leave_it_free(every_kind: PathwayGraph) -> None:
    assert every_kind.order == (START, "st", "d", "t", "r", "c", "f", "v", "n", "o")


def test_pathway_starts_at_its_first_node_that_is_not_standing(every_kind: PathwayGraph) -> None:
    assert [e.target for e in every_kind.outgoing[START]] == ["d", "st"]


FEW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(strategies.plans())
def test_order_is_topological(plan: Plan) -> None:
    for found in load_text(plan.text()).graphs.values():
        place = {name: index for index, name in enumerate(found.order)}
        assert sorted(found.order) == sorted(found.nodes)
        assert all(place[e.source] < place[e.target] for e in found.edges() if e.kind != "later")


@FEW
@given(strategies.plans())
def test_view_and_tables_agree(plan: Plan) -> None:
    for found in load_text(plan.text()).graphs.values():
        view = found.graph
        assert view.number_of_edges() == len(found.edges())
        assert nx.is_directed_acyclic_graph(view)
        assert set(nx.descendants(view, START)) | {START} == set(found.nodes)
        for name in found.nodes:
            assert {e.source for e in found.incoming[name]} == set(view.predecessors(name))


@FEW
@given(strategies.plans())
def test_joins_are_nodes_that_every_answer_leads_to(plan: Plan) -> None:
    for found in load_text(plan.text()).graphs.values():
        for name, decisions in found.joins.items():
            assert len(found.incoming[name]) > 1
            for decision in decisions:
                record = found.record(decision)
                assert isinstance(record, Decision)
                assert decision in found.exhaustive
                for branch in record.branches:
                    assert any(
                        t == name or nx.has_path(found.graph, t, name) for t in branch.targets
                    )


# --- joins -------------------------------------------------------------------------------------------

DIAMOND = nodes(
    '  decision d "D":\n    when a "Yes" -> r\n    otherwise "No" -> s\n'
    '  recommend r "R" -> n\n  recommend s "S" -> n\n  recommend n "N"\n'
)


def test_routes_of_a_complete_decision_meet_in_a_join() -> None:
    assert dict(graph(DIAMOND).joins) == {"n": ("d",)}


def test_plain_decision_that_is_proved_complete_is_exhaustive() -> None:
    text = DIAMOND.replace("otherwise", "when not a")
    assert graph(text).exhaustive == {"d"}
    assert dict(graph(text).joins) == {"n": ("d",)}


def test_decision_is_complete_only_by_form_or_by_proof() -> None:
    compiled = load_text(DIAMOND.replace("otherwise", "when not a"))
    guideline = compiled.guideline
    assert build_graph(guideline.pathways["p"], guideline).exhaustive == frozenset()
    assert build_graphs(guideline, {"p": frozenset({"d"})})["p"].exhaustive == {"d"}


def test_all_that_apply_without_otherwise_joins_nothing() -> None:
    text = DIAMOND.replace('"D":', '"D" all that apply:').replace("otherwise", "when e is red")
    assert dict(graph(text).joins) == {}


def test_answer_that_ends_elsewhere_prevents_a_join() -> None:
    text = nodes(
        '  decision d "D":\n    when e is red "R" -> r\n    when e is green "G" -> s\n'
        '    otherwise "B" -> away\n  recommend r "R" -> n\n  recommend s "S" -> n\n'
        '  recommend n "N"\n  end away "Away"\n'
    )
    assert dict(graph(text).joins) == {}


def test_route_over_a_review_is_no_join() -> None:
    text = DIAMOND.replace('  recommend s "S" -> n\n', '  review s "S":\n    on a "Later" -> n\n')
    assert dict(graph(text).joins) == {}


def test_nested_decisions_join_at_one_node() -> None:
    text = nodes(
        '  decision d "D":\n    when a "Yes" -> inner\n    otherwise "No" -> n\n'
        '  decision inner "I":\n    when e is red "R" -> n\n    otherwise "O" -> s\n'
        '  recommend s "S" -> n\n  recommend n "N"\n'
    )
    assert dict(graph(text).joins) == {"n": ("d", "inner")}


# --- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "underlined"),
    [
        ('  recommend r "R" -> s\n  recommend s "S" -> r\n', "cycle", "r"),
        ('  recommend r "R" -> r\n', "cycle", "r"),
        ('  recommend r "R"\n  recommend s "S"\n', "unreachable-node", "s"),
        ('  recommend r "R"\n  recommend s "S" -> t\n  end t "T"\n', "unreachable-node", "s"),
        ("  follow p\n", "recursive-follow", "p"),
    ],
)
def test_pathway_that_cannot_run_is_refused(body: str, code: str, underlined: str) -> None:
    found = [d for d in check_text(nodes(body)) if d.code == code]
    assert found
    assert underlined in found[0].span.text


def test_circle_through_a_review_is_allowed() -> None:
    found = graph(nodes('  recommend r "R" -> v\n  review v "V":\n    on a "Again" -> r\n'))
    assert found.order == (START, "r", "v")
    assert not nx.is_directed_acyclic_graph(found.graph)


def test_following_each_other_across_a_review_is_allowed() -> None:
    text = nodes('  recommend r "R" -> v\n  review v "V":\n    on a "Again" -> q\n  follow q\n') + (
        'pathway q "Q":\n  follow p\n'
    )
    assert "recursive-follow" not in {d.code for d in check_text(text)}


def test_graphs_of_the_real_guideline_have_what_their_readers_ask_for() -> None:
    from markdown_tests import REPOSITORY

    compiled = load(REPOSITORY / "pathways" / "seom_abc_2018")
    for found in compiled.graphs.values():
        for _, attributes in found.graph.nodes(data=True):
            assert set(attributes) == {"kind", "label", "statements", "record"}
        for *_, attributes in found.graph.edges(data=True):
            assert set(attributes) == {"kind", "branch", "label", "condition"}
